//! Peers that stall: one that doesn't take what is written to it, or doesn't send the rest of its request, can't hold
//! memory for ever.

use std::io;
use std::io::IoSlice;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use axum::BoxError;
use axum::body::Bytes;
use axum::body::HttpBody;

use hyper::body::Frame;
use hyper::body::Incoming;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::time::Sleep;

/// How long a peer has been waited for.
struct Wait {
    patience: Duration,
    /// Runs while something waits.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Wait {
    fn new(patience: Duration) -> Self {
        Self { patience, timer: None }
    }

    /// What was made progress with; an error when there has been none for too long.
    fn limit<T>(&mut self, context: &mut Context<'_>, progress: Poll<T>) -> Poll<io::Result<T>> {
        if let Poll::Ready(progress) = progress {
            self.timer = None;
            return Poll::Ready(Ok(progress));
        }
        let patience = self.patience;
        let timer = self.timer.get_or_insert_with(|| Box::pin(timer(patience)));
        timer.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a peer stalls is real time, not a tenant's")]
fn timer(patience: Duration) -> Sleep {
    tokio::time::sleep(patience)
}

/// A request's body whose next piece must come in time.
pub(super) struct PromptBody {
    body: Incoming,
    wait: Wait,
}

impl PromptBody {
    pub(super) fn new(body: Incoming, patience: Duration) -> Self {
        Self { body, wait: Wait::new(patience) }
    }
}

impl HttpBody for PromptBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let progress = Pin::new(&mut self.body).poll_frame(context);
        Poll::Ready(match ready!(self.wait.limit(context, progress)) {
            Ok(frame) => frame.map(|frame| frame.map_err(Into::into)),
            Err(stalled) => Some(Err(stalled.into())),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}

/// A stream whose writes must be taken in time. Reads may wait: between two requests, or while an answer is made, nothing
/// is to be read.
pub(super) struct PromptStream<S> {
    stream: S,
    wait: Wait,
}

impl<S> PromptStream<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, wait: Wait::new(patience) }
    }

    fn limit<T>(&mut self, context: &mut Context<'_>, progress: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.wait.limit(context, progress).map(Result::flatten)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PromptStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PromptStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.limit(context, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.limit(context, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let progress = Pin::new(&mut self.stream).poll_flush(context);
        self.limit(context, progress)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let progress = Pin::new(&mut self.stream).poll_shutdown(context);
        self.limit(context, progress)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    #[tokio::test]
    async fn a_peer_that_reads_nothing_fails_the_write() {
        let (ours, mut theirs) = tokio::io::duplex(8);
        let mut ours = PromptStream::new(ours, Duration::from_millis(20));
        let stalled = ours.write_all(b"more than the pipe holds").await.unwrap_err();
        assert_eq!(stalled.kind(), io::ErrorKind::TimedOut);

        let mut taken = [0; 8];
        theirs.read_exact(&mut taken).await.unwrap();
        ours.write_all(b"goes on").await.unwrap();
        assert_eq!(&taken, b"more tha");
    }
}
