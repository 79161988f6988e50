//! Request bodies: how much of one is read, and what it says it is.

use std::time::Duration;

use axum::body::Body;
use axum::body::BodyDataStream;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use futures_util::StreamExt as _;
use tokio::time::timeout;

/// How much of a body is read: what Node's body parsers take by default.
pub(crate) const MOST_BYTES: usize = 100 * 1024;

/// What a body is written in, by its `Content-Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    Form,
    Other,
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is too large")]
    TooLarge,
    #[error("the body broke off")]
    BrokeOff,
}

impl Media {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let header = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            json if json == "application/json" || json.ends_with("+json") => Self::Json,
            _ => Self::Other,
        }
    }
}

/// How much of a body that is too large is still taken off the wire, and for how long: whoever is not done with sending
/// when the connection closes may never see the answer (RFC 9112 §9.6).
const MOST_DRAINED: usize = 8 * 1024 * 1024;
const DRAINED_WITHIN: Duration = Duration::from_secs(2);

/// Reads a body whole.
///
/// # Errors
/// [`BodyError::TooLarge`] when it is larger than `most` bytes, [`BodyError::BrokeOff`] when its end never came.
pub(crate) async fn read(body: Body, most: usize) -> Result<Bytes, BodyError> {
    let mut stream = body.into_data_stream();
    let mut parts: Vec<Bytes> = Vec::new();
    let mut length = 0_usize;
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| BodyError::BrokeOff)?;
        length = length.saturating_add(part.len());
        if length > most {
            let _ = timeout(DRAINED_WITHIN, drain(&mut stream)).await;
            return Err(BodyError::TooLarge);
        }
        parts.push(part);
    }
    // Most bodies come in one piece: it is not copied.
    if parts.len() > 1 {
        return Ok(parts.concat().into());
    }
    Ok(parts.pop().unwrap_or_default())
}

async fn drain(stream: &mut BodyDataStream) {
    let mut left = MOST_DRAINED;
    while let Some(Ok(part)) = stream.next().await {
        let Some(less) = left.checked_sub(part.len()) else { return };
        left = less;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_media_type_s_parameters_and_case_do_not_matter() {
        for (header, expected) in [
            ("application/json", Media::Json),
            ("Application/JSON; charset=utf-8", Media::Json),
            ("application/scim+json", Media::Json),
            ("application/x-www-form-urlencoded;charset=UTF-8", Media::Form),
            ("text/plain", Media::Other),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(header))]);
            assert_eq!(Media::of(&headers), expected, "{header}");
        }
        assert_eq!(Media::of(&HeaderMap::new()), Media::Other);
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        assert_eq!(read(Body::from("abc"), 3).await.unwrap(), "abc");
        assert_eq!(read(Body::from("abcd"), 3).await, Err(BodyError::TooLarge));
    }
}
