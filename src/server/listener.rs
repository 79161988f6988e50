//! One port for HTTP and HTTPS: the first byte decides. Source: design page, section 6.

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::response::IntoResponse as _;
use axum::response::Response;
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::server::conn::auto;
use tokio::io::AsyncBufReadExt as _;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::BufReader;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::http::connection::Connection;
use crate::http::failure::Failure;

/// How many connections are open at a time; further ones wait to be accepted.
const MOST_CONNECTIONS: usize = 10_000;

/// How long a client may take for the first byte, the TLS handshake and a request's header, each.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long requests under way may take to end when the server stops.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// The first byte of a TLS record with a handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 0x16;

/// How many ports are tried when one that is free in both address families is wanted.
const MOST_TRIES: usize = 20;

/// Answers requests.
pub(crate) type Answer = Arc<dyn Fn(Request<Body>, Connection) -> BoxFuture<'static, Response> + Send + Sync>;

/// An open port. Dropping it closes it; connections then end after the requests under way.
pub(crate) struct Listener {
    local: SocketAddr,
    /// Closing the channel tells everybody to stop.
    stop: watch::Sender<()>,
}

/// A port could not be opened; one sentence.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {address}: {cause}")]
pub(crate) struct BindError {
    address: SocketAddr,
    cause: String,
}

impl BindError {
    /// Nobody asks for a port before the server is there; if somebody does, this says so.
    pub(crate) fn too_early() -> Self {
        Self { address: (Ipv4Addr::LOCALHOST, 0).into(), cause: "the server is still starting".to_owned() }
    }

    fn new(address: SocketAddr, error: &io::Error) -> Self {
        let cause = match error.kind() {
            io::ErrorKind::AddrInUse => "the port is in use; choose another one with --listen".to_owned(),
            io::ErrorKind::PermissionDenied => "this user may not open that port".to_owned(),
            io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
            _ => error.to_string(),
        };
        Self { address, cause }
    }
}

impl Listener {
    /// Opens the port and answers what comes in. An IPv4 loopback address brings its IPv6 twin with it, on the same
    /// port; where there is no IPv6, IPv4 alone and a warning. Port 0 is picked by the system.
    ///
    /// # Errors
    /// [`BindError`] when the port can't be opened.
    pub(crate) async fn open(address: SocketAddr, tls: TlsAcceptor, answer: Answer) -> Result<Self, BindError> {
        let (first, twin) = bind_both(address).await?;
        Self::serve(first, twin, tls, answer).map_err(|error| BindError::new(address, &error))
    }

    /// Opens a port of the system's choice on IPv4 loopback alone, as forks get it.
    ///
    /// # Errors
    /// [`BindError`] when no port is left.
    pub(crate) async fn open_own(tls: TlsAcceptor, answer: Answer) -> Result<Self, BindError> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let failed = |error| BindError::new(address, &error);
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        Self::serve(listener, None, tls, answer).map_err(failed)
    }

    fn serve(first: TcpListener, twin: Option<TcpListener>, tls: TlsAcceptor, answer: Answer) -> io::Result<Self> {
        let local = first.local_addr()?;
        let (stop, stopped) = watch::channel(());
        let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        for listener in std::iter::once(first).chain(twin) {
            let door = Door { tls: tls.clone(), answer: Arc::clone(&answer), stopped: stopped.clone() };
            tokio::spawn(accept(listener, door, Arc::clone(&room)));
        }
        Ok(Self { local, stop })
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
            // Every connection holds a receiver until it ends.
            self.stop.send_replace(());
            self.stop.closed().await;
        };
        let _ = timeout(LAST_WORDS, closed).await;
    }
}

/// What every connection is served with.
#[derive(Clone)]
struct Door {
    tls: TlsAcceptor,
    answer: Answer,
    stopped: watch::Receiver<()>,
}

/// Binds the address, and `[::1]` on the same port beside 127.0.0.1.
async fn bind_both(address: SocketAddr) -> Result<(TcpListener, Option<TcpListener>), BindError> {
    let failed = |error: io::Error| BindError::new(address, &error);
    for _ in 0..MOST_TRIES {
        let first = TcpListener::bind(address).await.map_err(failed)?;
        if address.ip() != Ipv4Addr::LOCALHOST {
            return Ok((first, None));
        }
        let port = first.local_addr().map_err(failed)?.port();
        let twin = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
        match TcpListener::bind(twin).await {
            Ok(listener) => return Ok((first, Some(listener))),
            // Another port may be free in both families.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && address.port() == 0 => {}
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(BindError::new(twin, &error)),
            Err(error) => {
                tracing::warn!("no IPv6 here ({error}): listening on {address} alone");
                return Ok((first, None));
            }
        }
    }
    Err(BindError { address, cause: "no port is free on both 127.0.0.1 and [::1]".to_owned() })
}

async fn accept(listener: TcpListener, mut door: Door, room: Arc<Semaphore>) {
    loop {
        let Ok(seat) = Arc::clone(&room).acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = door.stopped.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let door = door.clone();
                tokio::spawn(async move {
                    serve_connection(stream, peer, door).await;
                    drop(seat);
                });
            }
            // Out of file descriptors, or a client that was gone already. Others go on; this one yields to them.
            Err(error) => {
                tracing::warn!("failed to accept a connection: {error}");
                tokio::task::yield_now().await;
            }
        }
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, door: Door) {
    // Without it, small answers wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    let Ok(local) = stream.local_addr() else { return };
    let mut stream = BufReader::new(stream);
    let first = match timeout(PATIENCE, stream.fill_buf()).await {
        Ok(Ok(bytes)) => bytes.first().copied(),
        _ => None,
    };
    let Some(first) = first else { return };
    let connection = Connection { secure: first == HANDSHAKE, peer, local };
    if connection.secure {
        match timeout(PATIENCE, door.tls.accept(stream)).await {
            Ok(Ok(stream)) => serve_http(stream, connection, door).await,
            Ok(Err(error)) => tracing::debug!("a TLS handshake failed: {error}"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    } else {
        serve_http(stream, connection, door).await;
    }
}

async fn serve_http(stream: impl AsyncRead + AsyncWrite + Unpin + 'static, connection: Connection, mut door: Door) {
    let answer = Arc::clone(&door.answer);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let answering = answer(request.map(Body::new), connection);
        async move { Ok::<_, Infallible>(to_its_end(answering).await) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(64 * 1024);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(64 * 1024).max_concurrent_streams(100);
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        _ = door.stopped.changed() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended: {error}");
    }
}

/// In a task of its own: a client that hangs up does not leave half a change, and a bug is a 500.
async fn to_its_end(answering: BoxFuture<'static, Response>) -> Response {
    match tokio::spawn(answering).await {
        Ok(response) => response,
        Err(error) => Failure::new(format!("answer a request: {error}")).into_response(),
    }
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Listener({})", self.local)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;
    use tokio::io::AsyncWriteExt as _;

    use super::*;
    use crate::keys::ca::Authorities;

    fn tls() -> (TlsAcceptor, String) {
        let authorities = Arc::new(Authorities::load_or_make(None, |_| true).unwrap());
        let pem = authorities.bundle_pem();
        (crate::server::tls::acceptor(authorities).unwrap(), pem)
    }

    async fn open() -> (Listener, String) {
        let (tls, pem) = tls();
        let answer: Answer = Arc::new(|request, connection| {
            Box::pin(async move {
                assert_ne!(request.uri().path(), "/panic");
                format!("{}", connection.secure).into_response()
            })
        });
        (Listener::open((Ipv4Addr::LOCALHOST, 0).into(), tls, answer).await.unwrap(), pem)
    }

    #[tokio::test]
    async fn http_and_https_share_the_port() {
        let (listener, pem) = open().await;
        let root = reqwest::Certificate::from_pem_bundle(pem.as_bytes()).unwrap();
        let client = reqwest::Client::builder().tls_certs_only(root).build().unwrap();
        for (scheme, secure) in [("http", "false"), ("https", "true")] {
            for host in ["localhost", "127.0.0.1"] {
                let answer = client.get(format!("{scheme}://{host}:{}/", listener.port())).send().await.unwrap();
                assert_eq!(answer.text().await.unwrap(), secure, "{scheme} {host}");
            }
        }
        listener.close().await;
    }

    #[tokio::test]
    async fn a_bug_is_a_500_and_the_next_request_is_answered() {
        let (listener, _) = open().await;
        let base = format!("http://localhost:{}", listener.port());
        let client = reqwest::Client::new();
        assert_eq!(client.get(format!("{base}/panic")).send().await.unwrap().status(), 500);
        assert_eq!(client.get(base).send().await.unwrap().status(), 200);
    }

    #[tokio::test]
    async fn garbage_is_answered_or_cut_off() {
        let (listener, _) = open().await;
        for garbage in [b"\x16\x03\x01garbage\r\n\r\n".as_slice(), b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n"] {
            let mut stream = TcpStream::connect(listener.local()).await.unwrap();
            stream.write_all(garbage).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            assert!(!answer.starts_with(b"HTTP/1.1 200"));
        }
    }

    #[tokio::test]
    async fn a_port_in_use_is_told_in_one_sentence() {
        let (listener, _) = open().await;
        let answer: Answer = Arc::new(|_, _| Box::pin(async { ().into_response() }));
        let refused = Listener::open(listener.local(), tls().0, answer).await.unwrap_err();
        assert!(refused.to_string().contains("the port is in use"), "{refused}");
    }
}
