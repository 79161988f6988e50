//! Bodies that are kept as they pass, without holding them up.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use axum::body::Body;
use axum::body::Bytes;
use axum::body::HttpBody;
use hyper::body::Frame;
use hyper::body::SizeHint;
use parking_lot::Mutex;

/// How much of a body is kept, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// What of a body has passed so far. Clones are the same capture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capture(Option<Arc<Mutex<Kept>>>);

#[derive(Debug, Default)]
struct Kept {
    chunks: Vec<Bytes>,
    bytes: usize,
    truncated: bool,
}

impl Capture {
    /// Of a body that is there as a whole.
    pub(crate) fn of(whole: &Bytes) -> Self {
        if whole.is_empty() {
            return Self::default();
        }
        let mut kept = Kept::default();
        kept.take(whole);
        Self(Some(Arc::new(Mutex::new(kept))))
    }

    /// How many bytes are kept so far.
    pub(super) fn size(&self) -> usize {
        self.0.as_ref().map_or(0, |kept| kept.lock().bytes)
    }

    /// The body as it was kept, and whether more of it passed.
    pub(crate) fn read(&self) -> (Vec<u8>, bool) {
        self.0.as_ref().map_or_else(Default::default, |kept| {
            let kept = kept.lock();
            (kept.chunks.concat(), kept.truncated)
        })
    }
}

impl Kept {
    fn take(&mut self, chunk: &Bytes) {
        let room = MOST_BYTES.saturating_sub(self.bytes);
        self.truncated |= chunk.len() > room;
        // Of a larger chunk a copy is kept: a slice would hold all of it in memory.
        let part = match chunk.get(..room) {
            Some(beginning) if beginning.len() < chunk.len() => Bytes::copy_from_slice(beginning),
            _ => chunk.clone(),
        };
        self.bytes += part.len();
        if !part.is_empty() {
            self.chunks.push(part);
        }
    }
}

/// Keeps what passes of a body.
pub(crate) fn recorded(body: Body) -> (Body, Capture) {
    if body.is_end_stream() {
        return (body, Capture::default());
    }
    let kept = Arc::new(Mutex::new(Kept::default()));
    (Body::new(Recorded { body, kept: Arc::clone(&kept) }), Capture(Some(kept)))
}

struct Recorded {
    body: Body,
    kept: Arc<Mutex<Kept>>,
}

impl HttpBody for Recorded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(chunk) = frame.data_ref()
        {
            self.kept.lock().take(chunk);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_passes_is_kept_up_to_a_limit() {
        let (body, capture) = recorded(Body::from("a".repeat(MOST_BYTES + 1)));
        assert_eq!(capture.read(), (Vec::new(), false));
        let passed = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let (kept, truncated) = capture.read();
        assert_eq!((passed.len(), kept.len(), truncated), (MOST_BYTES + 1, MOST_BYTES, true));
        let (_, nothing) = recorded(Body::empty());
        assert!(nothing.0.is_none());
    }
}
