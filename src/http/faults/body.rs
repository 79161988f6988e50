//! Bodies that break off, are garbage or come bit by bit.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::header::CONTENT_LENGTH;
use futures_util::stream;
use rand::Rng as _;

use crate::http::faults::effect::LONGEST_DELAY;
use crate::http::faults::strike::Distortion;
use crate::http::faults::wait::wait;
use crate::time::Rng;

/// The answer with what is done to its body. Status and content type stay, and the length that is announced is the whole
/// one.
pub(crate) fn distorted(response: Response<Bytes>, distortion: Distortion) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let body = match distortion {
        Distortion::Garbage { bytes, key } => garbage(body.len(), bytes, key),
        _ => body,
    };
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let body = match distortion {
        Distortion::Truncate(after) => truncated(&body, after),
        Distortion::Drip { bytes, every } => dripping(body, bytes, every),
        Distortion::Garbage { .. } => Body::from(body),
    };
    Response::from_parts(parts, body)
}

/// Random bytes, as many as asked for or as there were.
pub(crate) fn garbage(length: usize, bytes: Option<u64>, key: [u8; 32]) -> Bytes {
    let length = bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(length);
    let mut garbage = vec![0; length];
    Rng::from_key(key).source().fill_bytes(&mut garbage);
    garbage.into()
}

/// How long a body takes that comes bit by bit.
pub(crate) fn time_to_drip(length: usize, bytes: u64, every: Duration) -> Duration {
    let pieces = u32::try_from(u64::try_from(length).unwrap_or(u64::MAX).div_ceil(bytes.max(1))).unwrap_or(u32::MAX);
    every.saturating_mul(pieces).min(Duration::from_millis(LONGEST_DELAY))
}

fn truncated(body: &Bytes, after: Option<u64>) -> Body {
    // At least one byte is missing, unless there is none.
    let after = after.and_then(|after| usize::try_from(after).ok()).unwrap_or(body.len() / 2);
    let sent = body.slice(..after.min(body.len().saturating_sub(1)));
    Body::from_stream(stream::unfold(Some(sent), async |next| match next {
        Some(sent) if !sent.is_empty() => Some((Ok(sent), Some(Bytes::new()))),
        Some(_) => {
            // What was sent so far goes out before the connection ends.
            wait(Duration::from_millis(1)).await;
            Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
        }
        None => None,
    }))
}

fn dripping(body: Bytes, bytes: u64, every: Duration) -> Body {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).max(1);
    Body::from_stream(stream::unfold((body, Duration::ZERO), move |(rest, waited)| async move {
        (!rest.is_empty()).then_some(())?;
        let waited = waited.saturating_add(every);
        let (piece, rest) = drop_of(rest, (bytes, every), waited).await;
        Some((Ok::<_, io::Error>(piece), (rest, waited)))
    }))
}

/// The next piece, when its time has come, and what is left. After a minute the rest comes whole.
async fn drop_of(mut rest: Bytes, (bytes, every): (usize, Duration), waited: Duration) -> (Bytes, Bytes) {
    if waited > Duration::from_millis(LONGEST_DELAY) {
        return (rest, Bytes::new());
    }
    wait(every).await;
    let piece = rest.split_to(bytes.min(rest.len()));
    (piece, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(distortion: Distortion) -> (Option<String>, Result<Bytes, axum::Error>) {
        let response = distorted(Response::new(Bytes::from("0123456789")), distortion);
        let length = response.headers().get(CONTENT_LENGTH).map(|length| length.to_str().unwrap().to_owned());
        (length, axum::body::to_bytes(response.into_body(), 1000).await)
    }

    #[tokio::test]
    async fn a_truncated_body_announces_more_than_comes() {
        for after in [None, Some(0), Some(3), Some(99)] {
            let (length, body) = read(Distortion::Truncate(after)).await;
            assert_eq!((length.as_deref(), body.is_err()), (Some("10"), true), "{after:?}");
        }
    }

    #[tokio::test]
    async fn garbage_is_the_same_from_the_same_seed() {
        let garbage = |bytes| Distortion::Garbage { bytes, key: [7; 32] };
        let (length, body) = read(garbage(None)).await;
        let body = body.unwrap();
        assert_eq!((length.as_deref(), body.len()), (Some("10"), 10));
        assert_ne!(body, "0123456789");
        assert_eq!(read(garbage(None)).await.1.unwrap(), body);
        assert_eq!(read(garbage(Some(64))).await.1.unwrap().len(), 64);
    }

    #[tokio::test]
    async fn a_dripping_body_is_whole_in_the_end() {
        let (length, body) = read(Distortion::Drip { bytes: 3, every: Duration::from_millis(1) }).await;
        assert_eq!((length.as_deref(), body.unwrap().as_ref()), (Some("10"), b"0123456789".as_slice()));
        assert_eq!(time_to_drip(10, 3, Duration::from_millis(100)).as_millis(), 400);
        assert_eq!(time_to_drip(10, 1, Duration::from_secs(59)).as_secs(), 60);
    }

    #[tokio::test]
    async fn a_minute_is_the_most_that_is_waited() {
        let late = Duration::from_millis(LONGEST_DELAY + 1);
        let (piece, rest) = drop_of(Bytes::from("rest"), (1, Duration::from_secs(59)), late).await;
        assert_eq!((piece.as_ref(), rest.len()), (b"rest".as_slice(), 0));
    }
}
