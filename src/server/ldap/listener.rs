//! A port for LDAP, until it is closed.

use std::io;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::server::binding::BindError;
use crate::server::binding::Port;
use crate::server::ldap::connection;
use crate::server::ldap::connection::Door;
use crate::server::ldap::conversation::Begin;
use crate::server::ldap::incoming::Patience;
use crate::server::serving::LAST_WORDS;

/// How many connections a port has at a time. When one more comes, the one that has been idle longest has to go.
const MOST_CONNECTIONS: usize = 900;

/// How long nothing is accepted after the system had no room for a connection.
const BREATH: Duration = Duration::from_millis(100);

const PATIENCE: Patience = Patience { step: Duration::from_secs(30), idle: Duration::from_mins(15) };

/// What is spoken on a port from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// LDAP, and TLS after `StartTLS`.
    Ldap,
    /// TLS.
    Ldaps,
}

/// What a port is served with.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) tls: TlsAcceptor,
    pub(crate) begin: Begin,
    pub(super) patience: Patience,
    pub(super) most: usize,
}

/// An open port. Dropping it closes it and ends its connections.
pub(crate) struct LdapListener {
    local: SocketAddr,
    /// Closing the channel tells everybody to stop.
    stop: watch::Sender<()>,
}

impl Serving {
    pub(crate) fn new(tls: TlsAcceptor, begin: Begin) -> Self {
        Self { tls, begin, patience: PATIENCE, most: MOST_CONNECTIONS }
    }
}

impl LdapListener {
    /// Opens the port, on `[::1]`, too, if it is 127.0.0.1's. Port 0 is picked by the system.
    ///
    /// # Errors
    /// [`BindError`] when the port can't be opened.
    pub(crate) async fn open(address: SocketAddr, scheme: Scheme, serving: Serving) -> Result<Self, BindError> {
        Ok(Self::serve(Port::with_twin(address).await?, scheme, serving))
    }

    /// Opens a port of the system's choice on IPv4 loopback alone, as forks get it.
    ///
    /// # Errors
    /// [`BindError`] when no port is left.
    pub(crate) async fn open_own(scheme: Scheme, serving: Serving) -> Result<Self, BindError> {
        Ok(Self::serve(Port::one((Ipv4Addr::LOCALHOST, 0).into()).await?, scheme, serving))
    }

    fn serve(port: Port, scheme: Scheme, serving: Serving) -> Self {
        let (stop, stopped) = watch::channel(());
        let room = Arc::new(Semaphore::new(serving.most));
        let crowded = Arc::new(Notify::new());
        let door = Door { tls: serving.tls, patience: serving.patience, crowded, stopped };
        for listener in port.listeners {
            let hall = Hall { scheme, begin: Arc::clone(&serving.begin), room: Arc::clone(&room), door: door.clone() };
            tokio::spawn(hall.accept(listener));
        }
        Self { local: port.local, stop }
    }

    /// The address it listens on, with the port that was picked.
    pub(crate) fn local(&self) -> SocketAddr {
        self.local
    }

    /// Closes the port and waits until requests under way are answered, a few seconds at most.
    pub(crate) async fn close(&self) {
        let closed = async {
            self.stop.send_replace(());
            self.stop.closed().await;
        };
        let _ = timeout(LAST_WORDS, closed).await;
    }
}

/// Where connections come in.
struct Hall {
    scheme: Scheme,
    begin: Begin,
    room: Arc<Semaphore>,
    door: Door,
}

impl Hall {
    async fn accept(self, listener: TcpListener) {
        let mut stopped = self.door.stopped.clone();
        let mut complained = false;
        loop {
            let accepting = async {
                let accepted = listener.accept().await;
                (self.seat().await, accepted)
            };
            let (seat, accepted) = tokio::select! {
                accepted = accepting => accepted,
                _ = stopped.changed() => return,
            };
            match accepted {
                Ok((stream, _)) => {
                    complained = false;
                    self.receive(stream, seat);
                }
                // No file descriptor is left, or the client was gone already. The connections that are there go on.
                Err(error) => {
                    if !complained {
                        tracing::warn!("failed to accept a connection of LDAP on {}: {error}", shown(&listener));
                        complained = true;
                    }
                    if timeout(BREATH, stopped.changed()).await.is_ok() {
                        return;
                    }
                }
            }
        }
    }

    /// A place for one more connection; somebody idle may have to go for it.
    async fn seat(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(seat) = Arc::clone(&self.room).try_acquire_owned() {
            return Some(seat);
        }
        self.door.crowded.notify_one();
        Arc::clone(&self.room).acquire_owned().await.ok()
    }

    fn receive(&self, stream: TcpStream, seat: Option<OwnedSemaphorePermit>) {
        let (scheme, begin, door) = (self.scheme, Arc::clone(&self.begin), self.door.clone());
        // Without it, small answers wait for acknowledgements.
        let _ = stream.set_nodelay(true);
        tokio::spawn(async move {
            let _seat = seat;
            let secure = scheme == Scheme::Ldaps;
            let mut stopped = door.stopped.clone();
            let wire = async {
                if secure { connection::handshake(Box::new(stream), &door).await } else { Ok(Box::new(stream) as _) }
            };
            let wire: io::Result<_> = tokio::select! {
                wire = wire => wire,
                _ = stopped.changed() => return,
            };
            match wire {
                Ok(wire) => connection::serve(wire, secure, begin(secure), door).await,
                Err(error) => tracing::debug!("a connection of LDAP ended before its first message: {error}"),
            }
        });
    }
}

fn shown(listener: &TcpListener) -> String {
    listener.local_addr().map_or_else(|error| error.to_string(), |address| address.to_string())
}

impl std::fmt::Debug for LdapListener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LdapListener({})", self.local)
    }
}
