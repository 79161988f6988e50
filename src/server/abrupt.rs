//! Connections that end in the place of an answer, as a fault asks: by a reset and not in good order.

use std::io;
use std::io::IoSlice;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;

use axum::http::Version;
use axum::response::Response;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;

use crate::http::faults::strike::Abrupt;

/// How a connection is to end. Clones are of the same connection.
#[derive(Clone, Debug, Default)]
pub(super) struct End(Arc<AtomicBool>);

/// There is no answer.
#[derive(Debug, thiserror::Error)]
#[error("a fault resets it")]
pub(super) struct NoAnswer;

/// A socket that is reset when it is dropped, if its end is to be so.
pub(super) struct AbruptStream {
    stream: TcpStream,
    end: End,
}

impl End {
    /// The answer; or none, and then a connection that is this request's alone (HTTP/1) is reset, of another one
    /// (HTTP/2) the stream.
    pub(super) fn unless_abrupt(&self, response: Response, version: Version) -> Result<Response, NoAnswer> {
        if response.extensions().get::<Abrupt>().is_none() {
            return Ok(response);
        }
        if version < Version::HTTP_2 {
            self.0.store(true, Ordering::Release);
        }
        Err(NoAnswer)
    }

    fn is_abrupt(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl AbruptStream {
    pub(super) fn new(stream: TcpStream, end: End) -> Self {
        Self { stream, end }
    }
}

impl Drop for AbruptStream {
    fn drop(&mut self) {
        if self.end.is_abrupt() {
            // A socket that is closed with nothing to linger for says RST and not FIN.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for AbruptStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for AbruptStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.end.is_abrupt() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
