//! Requests as they come over the wire. Source: RFC 4511 §4.
//!
//! Two ways to fail. Bytes that are not LDAP's at all end the connection, with a notice. A request of a known kind that
//! breaks a rule or a bound is answered in its own kind, and the connection goes on.

use std::sync::Arc;

use crate::protocols::ldap::ber;
use crate::protocols::ldap::ber::BerError;
use crate::protocols::ldap::ber::Reader;
use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::ber::SET;
use crate::protocols::ldap::decode_search;
use crate::protocols::ldap::filter_ber::FilterError;
use crate::protocols::ldap::message::Add;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Bind;
use crate::protocols::ldap::message::Change;
use crate::protocols::ldap::message::ChangeKind;
use crate::protocols::ldap::message::Compare;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::message::Credentials;
use crate::protocols::ldap::message::Extended;
use crate::protocols::ldap::message::Kind;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::MessageId;
use crate::protocols::ldap::message::Modify;
use crate::protocols::ldap::message::ModifyDn;
use crate::protocols::ldap::message::Request;

/// How many controls a message may have.
const MOST_CONTROLS: usize = 64;

/// The tags of requests.
const BIND: u8 = 0x60;
const UNBIND: u8 = 0x42;
const SEARCH: u8 = 0x63;
const MODIFY: u8 = 0x66;
const ADD: u8 = 0x68;
const DELETE: u8 = 0x4a;
const MODIFY_DN: u8 = 0x6c;
const COMPARE: u8 = 0x6e;
const ABANDON: u8 = 0x50;
const EXTENDED: u8 = 0x77;

/// Why a message is no request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// Nothing on this connection can be trusted any more; the reason completes "the message …".
    Broken(String),
    /// The request is answered with a protocol error and this sentence.
    Refused { id: MessageId, kind: Kind, reason: String },
}

/// What is wrong within an operation.
#[derive(Debug, thiserror::Error)]
pub(super) enum Flaw {
    #[error("{0}")]
    Ber(#[from] BerError),
    #[error("{0}")]
    Rule(String),
}

impl From<FilterError> for Flaw {
    fn from(error: FilterError) -> Self {
        match error {
            FilterError::Ber(error) => Self::Ber(error),
            other => Self::Rule(other.to_string()),
        }
    }
}

/// Reads one whole message, as [`crate::protocols::ldap::frame::first_message`] cuts it out.
///
/// # Errors
/// [`DecodeError`].
pub(crate) fn request(bytes: &[u8]) -> Result<Message<Request>, DecodeError> {
    let broken = |error: BerError| DecodeError::Broken(error.to_string());
    let mut message = Reader::new(bytes).within(SEQUENCE).map_err(broken)?;
    let id = id(message.integer().map_err(broken)?).ok_or_else(|| DecodeError::Broken("has a bad ID".to_owned()))?;
    let (tag, content) = message.any().map_err(broken)?;
    let kind = kind(tag).map_err(|()| DecodeError::Broken(format!("has an operation with the tag 0x{tag:02x}")))?;
    let flawed = |flaw| match (flaw, kind) {
        (Flaw::Rule(reason), Some(kind)) => DecodeError::Refused { id, kind, reason },
        (Flaw::Rule(reason), None) => DecodeError::Broken(format!("has a flaw: {reason}")),
        (Flaw::Ber(error), _) => broken(error),
    };
    let operation = operation(tag, content).map_err(flawed)?;
    let controls = controls(&mut message).map_err(flawed)?;
    Ok(Message { id, operation, controls })
}

fn id(number: i64) -> Option<MessageId> {
    let id = u32::try_from(number).ok().filter(|id| i32::try_from(*id).is_ok());
    id.map(MessageId)
}

/// In which kind of answer the request with this tag ends, if in any.
fn kind(tag: u8) -> Result<Option<Kind>, ()> {
    Ok(match tag {
        BIND => Some(Kind::Bind),
        SEARCH => Some(Kind::Search),
        MODIFY => Some(Kind::Modify),
        ADD => Some(Kind::Add),
        DELETE => Some(Kind::Delete),
        MODIFY_DN => Some(Kind::ModifyDn),
        COMPARE => Some(Kind::Compare),
        EXTENDED => Some(Kind::Extended),
        UNBIND | ABANDON => None,
        _ => return Err(()),
    })
}

fn operation(tag: u8, content: &[u8]) -> Result<Request, Flaw> {
    let inner = Reader::new(content);
    Ok(match tag {
        BIND => Request::Bind(bind(inner)?),
        SEARCH => Request::Search(decode_search::search(inner)?),
        MODIFY => Request::Modify(modify(inner)?),
        ADD => Request::Add(add(inner)?),
        DELETE => Request::Delete(ber::text(content)?.to_owned()),
        MODIFY_DN => Request::ModifyDn(modify_dn(inner)?),
        COMPARE => Request::Compare(compare(inner)?),
        EXTENDED => Request::Extended(extended(inner)?),
        ABANDON => Request::Abandon(id(ber::integer(content)?).ok_or_else(|| Flaw::Rule("a bad ID".to_owned()))?),
        _ => Request::Unbind,
    })
}

fn bind(mut inner: Reader<'_>) -> Result<Bind, Flaw> {
    let version = inner.integer()?;
    let name = inner.text()?.to_owned();
    let (tag, content) = inner.any()?;
    let credentials = match tag {
        0x80 => Credentials::Simple(content.to_owned()),
        0xa3 => {
            let mut sasl = Reader::new(content);
            let mechanism = sasl.text()?.to_owned();
            Credentials::Sasl { mechanism, credentials: sasl.optional(ber::OCTET_STRING)?.map(<[u8]>::to_owned) }
        }
        unknown => Credentials::Unknown(unknown),
    };
    Ok(Bind { version, name, credentials })
}

fn modify(mut inner: Reader<'_>) -> Result<Modify, Flaw> {
    let dn = inner.text()?.to_owned();
    let mut list = inner.within(SEQUENCE)?;
    let mut changes = Vec::new();
    while !list.is_empty() {
        let mut change = list.within(SEQUENCE)?;
        let kind = match change.enumerated()? {
            0 => ChangeKind::Add,
            1 => ChangeKind::Delete,
            2 => ChangeKind::Replace,
            3 => ChangeKind::Increment,
            other => return Err(Flaw::Rule(format!("there is no kind {other} of modification"))),
        };
        changes.push(Change { kind, attribute: attribute(&mut change)? });
    }
    Ok(Modify { dn, changes })
}

fn add(mut inner: Reader<'_>) -> Result<Add, Flaw> {
    let dn = inner.text()?.to_owned();
    let mut list = inner.within(SEQUENCE)?;
    let mut attributes = Vec::new();
    while !list.is_empty() {
        attributes.push(attribute(&mut list)?);
    }
    Ok(Add { dn, attributes })
}

fn attribute(reader: &mut Reader<'_>) -> Result<Attribute, Flaw> {
    let mut inner = reader.within(SEQUENCE)?;
    let name = Arc::from(inner.text()?);
    let mut set = inner.within(SET)?;
    let mut values = Vec::new();
    while !set.is_empty() {
        values.push(Arc::from(set.octets()?));
    }
    Ok(Attribute { name, values })
}

fn modify_dn(mut inner: Reader<'_>) -> Result<ModifyDn, Flaw> {
    let dn = inner.text()?.to_owned();
    let new_rdn = inner.text()?.to_owned();
    let delete_old_rdn = inner.boolean()?;
    let new_superior = inner.optional(0x80)?.map(ber::text).transpose()?.map(str::to_owned);
    Ok(ModifyDn { dn, new_rdn, delete_old_rdn, new_superior })
}

fn compare(mut inner: Reader<'_>) -> Result<Compare, Flaw> {
    let dn = inner.text()?.to_owned();
    let mut assertion = inner.within(SEQUENCE)?;
    Ok(Compare { dn, attribute: assertion.text()?.to_owned(), value: assertion.octets()?.to_owned() })
}

fn extended(mut inner: Reader<'_>) -> Result<Extended, Flaw> {
    let oid = ber::text(inner.tagged(0x80)?)?.to_owned();
    Ok(Extended { oid, value: inner.optional(0x81)?.map(<[u8]>::to_owned) })
}

fn controls(message: &mut Reader<'_>) -> Result<Vec<Control>, Flaw> {
    let Some(content) = message.optional(0xa0)? else { return Ok(Vec::new()) };
    let mut list = Reader::new(content);
    let mut controls = Vec::new();
    while !list.is_empty() {
        if controls.len() == MOST_CONTROLS {
            return Err(Flaw::Rule(format!("the message has more than {MOST_CONTROLS} controls")));
        }
        let mut control = list.within(SEQUENCE)?;
        let oid = control.text()?.to_owned();
        let critical = control.optional(ber::BOOLEAN)?.map(ber::boolean).transpose()?.unwrap_or(false);
        let value = control.optional(ber::OCTET_STRING)?.map(<[u8]>::to_owned);
        controls.push(Control { oid, critical, value });
    }
    Ok(controls)
}
