//! Messages as they come in over a connection, one after the other.

use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWrite;
use tokio::time::Instant;
use tokio::time::timeout_at;

use crate::protocols::ldap::decode;
use crate::protocols::ldap::decode::DecodeError;
use crate::protocols::ldap::frame::FrameError;
use crate::protocols::ldap::frame::first_message;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::Request;

/// How much is read at a time.
const PIECE: usize = 8 * 1024;

/// How much room is kept while nothing is in it.
const KEPT_ROOM: usize = 64 * 1024;

/// What a connection is over: TCP, or TLS over it.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For the rest of a message, for TLS, for taking an answer, and for the first message.
    pub(super) step: Duration,
    /// Between messages. Source: `MaxConnIdleTime` of Active Directory's LDAP policies.
    pub(super) idle: Duration,
}

/// Why no message came.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoMessage {
    /// The client hung up.
    #[error("the client hung up in the middle of a message")]
    HungUp,
    /// The client said nothing for too long, or began a message and did not end it.
    #[error("the client took too long")]
    TooLate,
    #[error("the connection broke: {0}")]
    Io(#[from] std::io::Error),
    #[error("the stream {0}")]
    Frame(#[from] FrameError),
}

/// What was read and not yet understood.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    bytes: Vec<u8>,
    /// What comes before this is done with.
    start: usize,
    /// When the message that is not all there yet began.
    begun: Option<Instant>,
}

impl Incoming {
    /// The next message; `None` when the client hung up between messages. May be dropped and called again: nothing is lost.
    pub(super) async fn next(
        &mut self,
        wire: &mut dyn Wire,
        most: usize,
        (patience, first): (Patience, bool),
    ) -> Result<Option<Result<Message<Request>, DecodeError>>, NoMessage> {
        let waiting_since = Instant::now();
        let idle = if first { patience.step } else { patience.idle };
        loop {
            if let Some(message) = self.take(most)? {
                return Ok(Some(message));
            }
            let deadline = self.begun.map_or(waiting_since + idle, |begun| begun + patience.step);
            self.bytes.reserve(PIECE);
            let count =
                timeout_at(deadline, wire.read_buf(&mut self.bytes)).await.map_err(|_| NoMessage::TooLate)??;
            if count == 0 {
                return if self.is_empty() { Ok(None) } else { Err(NoMessage::HungUp) };
            }
            self.begun.get_or_insert_with(Instant::now);
        }
    }

    /// Nothing is waiting to be understood.
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.bytes.len()
    }

    /// The first message, if it is all there.
    fn take(&mut self, most: usize) -> Result<Option<Result<Message<Request>, DecodeError>>, FrameError> {
        let rest = self.bytes.get(self.start..).unwrap_or_default();
        let Some(length) = first_message(rest, most)? else {
            self.bytes.drain(..self.start);
            self.start = 0;
            return Ok(None);
        };
        let message = decode::request(rest.get(..length).unwrap_or_default());
        self.start += length;
        if self.is_empty() {
            self.bytes.clear();
            self.bytes.shrink_to(KEPT_ROOM);
            self.start = 0;
            self.begun = None;
        } else {
            self.begun = Some(Instant::now());
        }
        Ok(Some(message))
    }
}
