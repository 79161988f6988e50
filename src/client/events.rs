//! What happens at a tenant as it happens: journal, outbox and tenant log as server-sent events.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

use crate::client::control::Control;
use crate::client::error::{ClientError, Refusal};

/// How long one stream may last: a test's life, not the transport's patience.
const LONGEST: Duration = Duration::from_hours(24);

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `journal`, `outbox` or `logs`; `missed` where a reader was too slow.
    pub name: String,
    /// With it a stream goes on where another one ended.
    pub id: String,
    /// As the list of that name shows it.
    pub data: Value,
}

/// A stream of events.
#[derive(Debug)]
pub struct Events {
    response: Response,
    url: String,
    unread: Vec<u8>,
    ready: VecDeque<Event>,
}

impl Control {
    /// Listens from now on, or from after the event with the id `after`. `of` are `journal`, `outbox`, `logs`; all of them
    /// where it is empty.
    ///
    /// # Errors
    /// [`ClientError`] when the server does not answer so.
    pub async fn events(&self, of: &[&str], after: Option<&str>) -> Result<Events, ClientError> {
        let mut url = self.url("events")?;
        if !of.is_empty() {
            url.query_pairs_mut().append_pair("of", &of.join(","));
        }
        let mut request = self.transport.get(&url).timeout(LONGEST);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let unreachable = |error: reqwest::Error| broken(url.as_str(), &error);
        let response = request.send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            let status = response.status().as_u16();
            let body = response.text().await.map_err(unreachable)?;
            let refusal = Refusal::read("GET /_impostor/events".to_owned(), status, &body);
            return Err(ClientError::Refused(Box::new(refusal)));
        }
        Ok(Events { response, url: url.into(), unread: Vec::new(), ready: VecDeque::new() })
    }
}

impl Events {
    /// The next event; `None` when the server ended the stream.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] when the connection broke.
    pub async fn next(&mut self) -> Result<Option<Event>, ClientError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let chunk = self.response.chunk().await.map_err(|error| broken(&self.url, &error))?;
            let Some(chunk) = chunk else { return Ok(None) };
            self.unread.extend_from_slice(&chunk);
            while let Some(end) = self.unread.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.unread.drain(..end + 2).collect();
                self.ready.extend(parse(&String::from_utf8_lossy(&block)));
            }
        }
    }
}

fn broken(url: &str, error: &reqwest::Error) -> ClientError {
    ClientError::Unreachable { url: url.to_owned(), cause: error.to_string() }
}

/// One block; none of a comment, which only keeps the connection alive.
fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        lines.map(|text| text.strip_prefix(' ').unwrap_or(text)).collect::<Vec<_>>().join("\n")
    };
    let data = serde_json::from_str(&field("data")).ok()?;
    Some(Event { name: field("event"), id: field("id"), data })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_block_is_an_event_and_a_comment_is_none() {
        let event = parse("event: journal\nid: 1.0.\ndata: {\"id\":1}\n\n").unwrap();
        assert_eq!(event, Event { name: "journal".into(), id: "1.0.".into(), data: json!({ "id": 1 }) });
        assert_eq!(parse(":\n\n"), None);
    }
}
