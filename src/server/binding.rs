//! Ports opened, on both loopback addresses where there are two. Source: design page, section 6.

use std::io;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;

use tokio::net::TcpListener;

/// How many ports are tried when one that is free in both address families is wanted.
const MOST_TRIES: usize = 20;

/// `EMFILE` of Linux and macOS, for which the standard library has no name.
const TOO_MANY_OPEN_FILES: i32 = 24;

/// A port could not be opened; one sentence.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {address}: {cause}")]
pub(crate) struct BindError {
    address: SocketAddr,
    cause: String,
}

/// The flag that chooses the port for HTTP.
const USUAL_FLAG: &str = "--listen";

impl BindError {
    /// Nobody asks for a port before the server is there; if somebody does, this says so.
    pub(crate) fn too_early() -> Self {
        Self { address: (Ipv4Addr::LOCALHOST, 0).into(), cause: "the server is still starting".to_owned() }
    }

    /// Says that another port is chosen with this flag.
    pub(super) fn by_flag(self, flag: &str) -> Self {
        Self { cause: self.cause.replace(USUAL_FLAG, flag), ..self }
    }

    fn new(address: SocketAddr, error: &io::Error) -> Self {
        let cause = match error.kind() {
            io::ErrorKind::AddrInUse => format!("the port is in use; choose another one with {USUAL_FLAG}"),
            io::ErrorKind::PermissionDenied => "this user may not open that port".to_owned(),
            io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
            _ if error.raw_os_error() == Some(TOO_MANY_OPEN_FILES) => {
                "too many files are open; allow more with `ulimit -n`".to_owned()
            }
            _ => error.to_string(),
        };
        Self { address, cause }
    }
}

/// A port that is open, in one or both address families.
pub(super) struct Port {
    pub(super) listeners: Vec<TcpListener>,
    /// The address asked for, with the port that was picked.
    pub(super) local: SocketAddr,
}

impl Port {
    /// Opens one address.
    ///
    /// # Errors
    /// [`BindError`].
    pub(super) async fn one(address: SocketAddr) -> Result<Self, BindError> {
        let failed = |error| BindError::new(address, &error);
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let local = listener.local_addr().map_err(failed)?;
        Ok(Self { listeners: vec![listener], local })
    }

    /// Opens an address, and `[::1]` on the same port beside 127.0.0.1; where there is no IPv6, IPv4 alone and a
    /// warning. Port 0 is picked by the system.
    ///
    /// # Errors
    /// [`BindError`].
    pub(super) async fn with_twin(address: SocketAddr) -> Result<Self, BindError> {
        for _ in 0..MOST_TRIES {
            let mut port = Self::one(address).await?;
            if address.ip() != Ipv4Addr::LOCALHOST {
                return Ok(port);
            }
            let twin = SocketAddr::from((Ipv6Addr::LOCALHOST, port.local.port()));
            match TcpListener::bind(twin).await {
                Ok(listener) => {
                    port.listeners.push(listener);
                    return Ok(port);
                }
                // Another port may be free in both families.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && address.port() == 0 => {}
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(BindError::new(twin, &error)),
                Err(error) => {
                    tracing::warn!("no IPv6 here ({error}): listening on {} alone", port.local);
                    return Ok(port);
                }
            }
        }
        Err(BindError { address, cause: "no port is free on both 127.0.0.1 and [::1]".to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_in_either_family_is_told_in_one_sentence() {
        let taken = Port::with_twin((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
        let refused = Port::with_twin(taken.local).await.err().unwrap().to_string();
        let told = format!("can't listen on {}: the port is in use; choose another one with --listen", taken.local);
        assert_eq!(refused, told);

        let mut listeners = taken.listeners.into_iter();
        drop(listeners.next());
        if let Some(twin) = listeners.next() {
            let address = twin.local_addr().unwrap();
            let refused = Port::with_twin(taken.local).await.err().unwrap().to_string();
            assert!(refused.starts_with(&format!("can't listen on {address}")), "{refused}");
        }
    }

    #[tokio::test]
    async fn an_address_of_another_machine_is_told() {
        let refused = Port::with_twin("192.0.2.1:0".parse().unwrap()).await.err().unwrap();
        assert_eq!(refused.to_string(), "can't listen on 192.0.2.1:0: this machine has no such address");
    }
}
