//! One port for HTTP and HTTPS, until it is closed. Source: design page, section 6.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::server::binding::BindError;
use crate::server::binding::Port;
use crate::server::serving;
use crate::server::serving::Answer;
use crate::server::serving::Door;

/// How many connections a port has at a time; further ones wait to be accepted. A process may commonly have 1,024 files
/// open, and needs some for others.
const MOST_CONNECTIONS: usize = 900;

/// How long a client may take for each step of a connection.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long nothing is accepted after the system had no room for a connection.
const BREATH: Duration = Duration::from_millis(100);

/// An open port. Dropping it closes it; connections then end after the requests under way.
pub(crate) struct Listener {
    local: SocketAddr,
    /// Closing the channel tells everybody to stop.
    stop: watch::Sender<()>,
}

impl Listener {
    /// Opens the port and answers what comes in. An IPv4 loopback address brings its IPv6 twin with it, on the same
    /// port; where there is no IPv6, IPv4 alone and a warning. Port 0 is picked by the system.
    ///
    /// # Errors
    /// [`BindError`] when the port can't be opened.
    pub(crate) async fn open(address: SocketAddr, tls: TlsAcceptor, answer: Answer) -> Result<Self, BindError> {
        Ok(Self::serve(Port::with_twin(address).await?, tls, answer, PATIENCE))
    }

    /// Opens a port of the system's choice on IPv4 loopback alone, as forks get it: a socket and a waiting task.
    ///
    /// # Errors
    /// [`BindError`] when no port is left.
    pub(crate) async fn open_own(tls: TlsAcceptor, answer: Answer) -> Result<Self, BindError> {
        let port = Port::one((Ipv4Addr::LOCALHOST, 0).into()).await?;
        Ok(Self::serve(port, tls, answer, PATIENCE))
    }

    fn serve(port: Port, tls: TlsAcceptor, answer: Answer, patience: Duration) -> Self {
        let (stop, stopped) = watch::channel(());
        let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let door = Door { tls, answer, patience, stopped };
        for listener in port.listeners {
            tokio::spawn(accept(listener, door.clone(), Arc::clone(&room)));
        }
        Self { local: port.local, stop }
    }

    /// The address it listens on, with the port that was picked.
    pub(crate) fn local(&self) -> SocketAddr {
        self.local
    }

    pub(crate) fn port(&self) -> u16 {
        self.local.port()
    }

    /// Closes the port and waits until requests under way are answered, a few seconds at most.
    pub(crate) async fn close(&self) {
        let closed = async {
            // Every connection and every request holds a receiver until it ends.
            self.stop.send_replace(());
            self.stop.closed().await;
        };
        let _ = timeout(serving::LAST_WORDS, closed).await;
    }
}

async fn accept(listener: TcpListener, mut door: Door, room: Arc<Semaphore>) {
    let mut complained = false;
    loop {
        let accepting = async {
            let seat = Arc::clone(&room).acquire_owned().await;
            (seat, listener.accept().await)
        };
        let (seat, accepted) = tokio::select! {
            accepted = accepting => accepted,
            _ = door.stopped.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                complained = false;
                let serving = serving::serve(stream, peer, door.clone());
                tokio::spawn(async move {
                    serving.await;
                    drop(seat);
                });
            }
            // No file descriptor is left, or the client was gone already. The connections that are there go on.
            Err(error) => {
                if !complained {
                    tracing::warn!("failed to accept a connection on {:?}: {error}", listener.local_addr().ok());
                    complained = true;
                }
                if timeout(BREATH, door.stopped.changed()).await.is_ok() {
                    return;
                }
            }
        }
    }
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Listener({})", self.local)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::http::Version;
    use axum::response::IntoResponse as _;
    use tokio::io::AsyncReadExt as _;
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpStream;
    use tokio::sync::Notify;

    use super::*;
    use crate::keys::ca::Authorities;
    use crate::server::tls::acceptor;

    fn tls() -> (TlsAcceptor, reqwest::Certificate) {
        let authorities = Authorities::load_or_make(None, |name| name.ends_with("localhost")).unwrap();
        let root = reqwest::Certificate::from_pem(authorities.bundle_pem().as_bytes()).unwrap();
        (acceptor(Arc::new(authorities)).unwrap(), root)
    }

    /// Tells the scheme; waits for the body at `/body`, panics at `/panic`.
    fn answer() -> Answer {
        Arc::new(|request, connection| {
            Box::pin(async move {
                assert_ne!(request.uri().path(), "/panic");
                if request.uri().path() == "/body" && axum::body::to_bytes(request.into_body(), 100).await.is_err() {
                    return StatusCode::BAD_REQUEST.into_response();
                }
                if connection.secure { "https" } else { "http" }.into_response()
            })
        })
    }

    async fn open() -> (Listener, reqwest::Certificate) {
        let (tls, root) = tls();
        (Listener::open((Ipv4Addr::LOCALHOST, 0).into(), tls, answer()).await.unwrap(), root)
    }

    async fn impatient() -> Listener {
        let port = Port::one((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
        Listener::serve(port, tls().0, answer(), Duration::from_millis(100))
    }

    /// Everything that the server says to `bytes`, until it closes the connection.
    async fn said(listener: &Listener, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(listener.local()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn http_and_https_share_the_port_in_both_versions_of_http() {
        let (listener, root) = open().await;
        let client = || {
            let builder = reqwest::Client::builder().tls_certs_only([root.clone()]);
            builder.resolve("acme.localhost", listener.local())
        };
        for (client, version_of_http, version_of_https) in [
            (client().http1_only().build().unwrap(), Version::HTTP_11, Version::HTTP_11),
            (client().build().unwrap(), Version::HTTP_11, Version::HTTP_2),
            (client().http2_prior_knowledge().build().unwrap(), Version::HTTP_2, Version::HTTP_2),
        ] {
            for (scheme, version) in [("http", version_of_http), ("https", version_of_https)] {
                for host in ["localhost", "127.0.0.1", "acme.localhost"] {
                    let url = format!("{scheme}://{host}:{}/", listener.port());
                    let answer = client.get(url).send().await.unwrap();
                    assert_eq!(answer.version(), version, "{scheme} {host}");
                    assert_eq!(answer.text().await.unwrap(), scheme, "{host}");
                }
            }
        }
        listener.close().await;
    }

    #[tokio::test]
    async fn a_bug_is_a_500_with_a_reference_and_the_next_request_is_answered() {
        let (listener, _) = open().await;
        let base = format!("http://localhost:{}", listener.port());
        let client = reqwest::Client::new();
        let failed = client.get(format!("{base}/panic")).send().await.unwrap();
        assert_eq!(failed.status(), 500);
        let told: serde_json::Value = failed.json().await.unwrap();
        assert_eq!(told["error"], "server_error");
        assert!(told["error_description"].as_str().unwrap().contains("reference"), "{told}");
        assert_eq!(client.get(base).send().await.unwrap().status(), 200);
    }

    #[tokio::test]
    async fn garbage_is_answered_with_an_error_or_cut_off() {
        let listener = impatient().await;
        let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(100_000));
        for garbage in ["\x16\x03\x01garbage\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", &long] {
            let answer = said(&listener, garbage.as_bytes()).await;
            assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
        }
    }

    #[tokio::test]
    async fn whoever_stops_talking_is_cut_off() {
        let listener = impatient().await;
        for beginning in
            ["", "P", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16", "\x16\x03\x01\x02\0", "GET / HTTP/1.1\r\nHost:"]
        {
            let answer = said(&listener, beginning.as_bytes()).await;
            assert!(!answer.starts_with("HTTP/1.1 2"), "{beginning:?}: {answer}");
        }
        let answer = said(&listener, b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf").await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        let answer = said(&listener, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    #[tokio::test]
    async fn closing_waits_for_requests_but_not_for_the_silent() {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go_on));
        let answer: Answer = Arc::new(move |_, _| {
            let (tell, wait) = (Arc::clone(&tell), Arc::clone(&wait));
            Box::pin(async move {
                tell.notify_one();
                wait.notified().await;
                "done".into_response()
            })
        });
        let listener = Listener::open_own(tls().0, answer).await.unwrap();
        let url = format!("http://{}/", listener.local());
        let asking = tokio::spawn(async move { reqwest::get(url).await.unwrap().text().await.unwrap() });
        begun.notified().await;
        let _silent = TcpStream::connect(listener.local()).await.unwrap();
        let asked = async {
            go_on.notify_one();
            asking.await.unwrap()
        };
        let closed = timeout(serving::LAST_WORDS / 2, listener.close());
        let (closed, text) = tokio::join!(closed, asked);
        assert_eq!((closed.is_ok(), text.as_str()), (true, "done"));
        assert!(TcpStream::connect(listener.local()).await.is_err());
    }
}
