//! One connection from its first byte, which tells HTTP from HTTPS, to its end. Source: design page, section 6.

use std::future::pending;
use std::io;
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
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::http::connection::Connection;
use crate::http::failure::Failure;
use crate::server::abrupt::AbruptStream;
use crate::server::abrupt::End;
use crate::server::stall::PromptBody;
use crate::server::stall::PromptStream;

/// How long requests under way may take to end when the server stops.
pub(super) const LAST_WORDS: Duration = Duration::from_secs(5);

/// The first byte of a TLS record with a handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 0x16;

/// How long a request's header may be.
const MOST_HEADER_BYTES: u32 = 64 * 1024;

/// How much of an HTTP/2 answer waits in memory for the client to take it.
const MOST_UNSENT_BYTES: usize = 256 * 1024;

/// Answers requests.
pub(crate) type Answer = Arc<dyn Fn(Request<Body>, Connection) -> BoxFuture<'static, Response> + Send + Sync>;

/// What every connection of a listener is served with.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) tls: TlsAcceptor,
    pub(super) answer: Answer,
    /// How long a client may take for each step: the TLS handshake, a request's header, the next piece of a body, the
    /// next piece of an answer. So an idle connection ends, too.
    pub(super) patience: Duration,
    /// Changes or closes when the server stops. Who holds one is waited for.
    pub(super) stopped: watch::Receiver<()>,
}

/// A stream with the first byte still in it.
enum Greeted {
    Plain(BufReader<AbruptStream>),
    Secure(Box<TlsStream<BufReader<AbruptStream>>>),
}

/// Serves a connection until the client, its patience or the server ends it.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, mut door: Door) {
    // Without it, small answers wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    let Ok(local) = stream.local_addr() else { return };
    let end = End::default();
    let stream = AbruptStream::new(stream, end.clone());
    let greeted = tokio::select! {
        greeted = timeout(door.patience, greet(stream, &door.tls)) => greeted,
        _ = door.stopped.changed() => return,
    };
    let facts = |secure| Connection { secure, peer, local };
    match greeted {
        Ok(Ok(Greeted::Plain(stream))) => serve_http(stream, facts(false), (door, end)).await,
        Ok(Ok(Greeted::Secure(stream))) => serve_http(*stream, facts(true), (door, end)).await,
        Ok(Err(error)) => tracing::debug!("a connection ended before its first request: {error}"),
        Err(_) => tracing::debug!("a client took too long to say anything"),
    }
}

async fn greet(stream: AbruptStream, tls: &TlsAcceptor) -> io::Result<Greeted> {
    let mut stream = BufReader::new(stream);
    match stream.fill_buf().await?.first() {
        None => Err(io::ErrorKind::UnexpectedEof.into()),
        Some(&HANDSHAKE) => Ok(Greeted::Secure(Box::new(tls.accept(stream).await?))),
        Some(_) => Ok(Greeted::Plain(stream)),
    }
}

async fn serve_http<S>(stream: S, connection: Connection, (mut door, end): (Door, End))
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (answer, under_way) = (Arc::clone(&door.answer), door.stopped.clone());
    let asked = Notify::new();
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        asked.notify_one();
        let request = request.map(|body| Body::new(PromptBody::new(body, door.patience)));
        let (end, version) = (end.clone(), request.version());
        let answering = to_its_end(answer(request, connection), under_way.clone());
        async move { end.unless_abrupt(answering.await, version) }
    });
    let builder = http(door.patience);
    let stream = TokioIo::new(PromptStream::new(stream, door.patience));
    let serving = builder.serve_connection(stream, service);
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = silence(&asked, door.patience) => Err("no request came".into()),
        _ = door.stopped.changed() => {
            serving.as_mut().graceful_shutdown();
            timeout(LAST_WORDS, serving).await.unwrap_or_else(|late| Err(late.into()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended: {error}");
    }
}

fn http(patience: Duration) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(usize::try_from(MOST_HEADER_BYTES).unwrap_or(usize::MAX));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(patience)
        .keep_alive_timeout(patience)
        .max_header_list_size(MOST_HEADER_BYTES)
        .max_concurrent_streams(100)
        .max_send_buf_size(MOST_UNSENT_BYTES);
    builder
}

/// Returns when no request has come for so long. While it is not clear which HTTP a client speaks, no other limit holds.
async fn silence(asked: &Notify, patience: Duration) {
    if timeout(patience, asked.notified()).await.is_ok() {
        pending::<()>().await;
    }
}

/// In a task of its own: a client that hangs up does not leave half a change, and a bug is a 500. The server waits for
/// the task before it stops.
async fn to_its_end(answering: BoxFuture<'static, Response>, under_way: watch::Receiver<()>) -> Response {
    let task = tokio::spawn(async move {
        let _under_way = under_way;
        answering.await
    });
    match task.await {
        Ok(response) => response,
        Err(error) => Failure::new(format!("answer a request: {error}")).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_request_is_handled_to_its_end_when_the_client_hangs_up() {
        let (hung_up, ended) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (wait, tell) = (Arc::clone(&hung_up), Arc::clone(&ended));
        let answering = async move {
            wait.notified().await;
            tell.notify_one();
            Response::default()
        };
        let (stop, stopped) = watch::channel(());
        let mut request = Box::pin(to_its_end(Box::pin(answering), stopped));
        assert!((&mut request).now_or_never().is_none());
        drop(request);
        hung_up.notify_one();
        ended.notified().await;
        stop.closed().await;
    }
}
