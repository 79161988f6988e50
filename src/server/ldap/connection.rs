//! One connection from its first message to its end. Source: RFC 4511 §4.1.1, §4.3, §4.4.1, §4.14.
//!
//! Requests are answered one after the other, as they came: an abandon always finds that its request has ended.

use std::io;
use std::sync::Arc;

use tokio::io::AsyncWriteExt as _;
use tokio::sync::Notify;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::protocols::ldap::decode::DecodeError;
use crate::protocols::ldap::encode;
use crate::protocols::ldap::encode::notice_of_disconnection;
use crate::protocols::ldap::extended::START_TLS;
use crate::protocols::ldap::message::Extended;
use crate::protocols::ldap::message::Kind;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;
use crate::server::ldap::conversation::Conversation;
use crate::server::ldap::incoming::Incoming;
use crate::server::ldap::incoming::NoMessage;
use crate::server::ldap::incoming::Patience;
use crate::server::ldap::incoming::Wire;

/// How long a message of a client may be that nobody knows.
const MOST_FROM_STRANGERS: usize = 256 * 1024;

/// How long a message may be. Source: `MaxReceiveBuffer` of Active Directory's LDAP policies.
const MOST: usize = 10 * 1024 * 1024;

/// How many bytes of answers are collected before they are sent.
const PIECE: usize = 64 * 1024;

/// What every connection of a listener is served with.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) tls: TlsAcceptor,
    pub(super) patience: Patience,
    /// Wakes the connection that has been idle longest when there is no room for another one.
    pub(super) crowded: Arc<Notify>,
    /// Changes or closes when the server stops. Who holds one is waited for.
    pub(super) stopped: watch::Receiver<()>,
}

/// Why a connection ends before its client says so.
enum End {
    /// With these last words.
    Notice(ResultCode, String),
    /// Without a word.
    Silently(String),
}

struct Connection {
    wire: Box<dyn Wire>,
    incoming: Incoming,
    secure: bool,
    /// The client has bound successfully, as somebody or nobody.
    known: bool,
    door: Door,
}

/// Serves a connection, over which TLS is spoken already if it is `secure`, until the client, its patience or the server
/// ends it.
pub(super) async fn serve(wire: Box<dyn Wire>, secure: bool, conversation: Box<dyn Conversation>, door: Door) {
    let mut connection = Connection { wire, incoming: Incoming::default(), secure, known: false, door };
    let Err(end) = connection.converse(conversation).await else { return };
    let why = match end {
        End::Silently(why) => why,
        End::Notice(code, why) => {
            let _ = connection.send(&[notice_of_disconnection(code, &why)]).await;
            why
        }
    };
    tracing::debug!("a connection of LDAP ended: {why}");
}

/// TLS, spoken by the server.
pub(super) async fn handshake(wire: Box<dyn Wire>, door: &Door) -> io::Result<Box<dyn Wire>> {
    let shaken = timeout(door.patience.step, door.tls.accept(wire)).await?;
    Ok(Box::new(shaken?))
}

impl Connection {
    async fn converse(&mut self, mut conversation: Box<dyn Conversation>) -> Result<(), End> {
        let mut first = true;
        while let Some(message) = self.next(first).await? {
            first = false;
            let answers = match message {
                Ok(Message { operation: Request::Unbind, .. }) => return Ok(()),
                Ok(Message { id, operation: Request::Extended(asked), .. }) if asked.oid == START_TLS => {
                    if self.start_tls(Message { id, operation: asked, controls: Vec::new() }).await? {
                        conversation.secured();
                    }
                    continue;
                }
                Ok(message) => {
                    let answers;
                    (conversation, answers) = answer(conversation, message).await?;
                    answers
                }
                Err(DecodeError::Refused { id, kind, reason }) => {
                    let result = LdapResult::new(ResultCode::ProtocolError, reason);
                    vec![Message { id, operation: Response::Done(kind, result), controls: Vec::new() }]
                }
                Err(DecodeError::Broken(why)) => {
                    return Err(End::Notice(ResultCode::ProtocolError, format!("the message {why}")));
                }
            };
            self.known |= answers.iter().any(is_bound);
            self.send(&answers).await?;
        }
        Ok(())
    }

    async fn next(&mut self, first: bool) -> Result<Option<Result<Message<Request>, DecodeError>>, End> {
        let most = if self.known { MOST } else { MOST_FROM_STRANGERS };
        let nothing_begun = self.incoming.is_empty();
        let next = self.incoming.next(&mut *self.wire, most, (self.door.patience, first));
        let next = tokio::select! {
            next = next => next,
            () = self.door.crowded.notified(), if nothing_begun => {
                return Err(End::Notice(ResultCode::Busy, "too many connections, and this one was idle".to_owned()));
            }
            _ = self.door.stopped.changed() => {
                return Err(End::Notice(ResultCode::Unavailable, "the server is stopping".to_owned()));
            }
        };
        next.map_err(|error| match error {
            NoMessage::Frame(error) => End::Notice(ResultCode::ProtocolError, format!("the stream {error}")),
            error => End::Silently(error.to_string()),
        })
    }

    /// Goes over to TLS, unless that can't be; tells whether it did.
    async fn start_tls(&mut self, asked: Message<Extended>) -> Result<bool, End> {
        let refusal = match asked.operation.value {
            Some(_) => Some((ResultCode::ProtocolError, "StartTLS takes no value")),
            None if self.secure => Some((ResultCode::OperationsError, "TLS is spoken already")),
            None => None,
        };
        let result = refusal.map_or_else(LdapResult::success, |(code, why)| LdapResult::new(code, why));
        let oid = Some(START_TLS.to_owned());
        let operation = Response::Extended { result, oid, value: None };
        self.send(&[Message { id: asked.id, operation, controls: Vec::new() }]).await?;
        if refusal.is_some() {
            return Ok(false);
        }
        if !self.incoming.is_empty() {
            // Whoever slipped it in, it must not be taken for something that was said over TLS.
            return Err(End::Silently("something was said between StartTLS and TLS".to_owned()));
        }
        let wire = std::mem::replace(&mut self.wire, Box::new(tokio::io::empty()));
        self.wire = handshake(wire, &self.door).await.map_err(|error| End::Silently(format!("no TLS: {error}")))?;
        self.secure = true;
        Ok(true)
    }

    /// Sends answers, a piece at a time: a client that doesn't take them is not waited for for ever.
    async fn send(&mut self, answers: &[Message<Response>]) -> Result<(), End> {
        let mut bytes = Vec::new();
        let mut answers = answers.iter().peekable();
        while let Some(answer) = answers.next() {
            bytes = encode::response(bytes, answer);
            if bytes.len() < PIECE && answers.peek().is_some() {
                continue;
            }
            for piece in bytes.chunks(PIECE) {
                let sent = async {
                    self.wire.write_all(piece).await?;
                    self.wire.flush().await
                };
                let sent = timeout(self.door.patience.step, sent).await;
                sent.map_err(io::Error::from).flatten().map_err(|error| End::Silently(error.to_string()))?;
            }
            bytes.clear();
        }
        Ok(())
    }
}

/// Searches that may look at many entries don't hold up what else is served.
async fn answer(
    mut conversation: Box<dyn Conversation>,
    message: Message<Request>,
) -> Result<(Box<dyn Conversation>, Vec<Message<Response>>), End> {
    if !conversation.is_long(&message.operation) {
        let answers = conversation.answer(message);
        return Ok((conversation, answers));
    }
    let answering = tokio::task::spawn_blocking(move || {
        let answers = conversation.answer(message);
        (conversation, answers)
    });
    answering.await.map_err(|error| End::Notice(ResultCode::Other, format!("a fault of the server: {error}")))
}

fn is_bound(answer: &Message<Response>) -> bool {
    matches!(&answer.operation, Response::Done(Kind::Bind, result) if result.code == ResultCode::Success)
}
