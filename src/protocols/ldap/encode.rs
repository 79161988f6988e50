//! Answers as they go over the wire. Source: RFC 4511 §4.

use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::ber::SET;
use crate::protocols::ldap::extended;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::message::Entry;
use crate::protocols::ldap::message::Kind;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::MessageId;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;
use crate::protocols::ldap::writer::Writer;

const ENTRY: u8 = 0x64;
const EXTENDED: u8 = 0x78;

/// Writes a message at the end of `bytes`.
pub(crate) fn response(bytes: Vec<u8>, message: &Message<Response>) -> Vec<u8> {
    let mut writer = Writer::onto(bytes);
    writer.nested(SEQUENCE, |writer| {
        writer.integer(i64::from(message.id.0));
        operation(writer, &message.operation);
        controls(writer, &message.controls);
    });
    writer.into_bytes()
}

/// The last thing a server says before it hangs up. Source: RFC 4511 §4.4.1.
pub(crate) fn notice_of_disconnection(code: ResultCode, why: &str) -> Message<Response> {
    let oid = Some(extended::NOTICE_OF_DISCONNECTION.to_owned());
    let operation = Response::Extended { result: LdapResult::new(code, why), oid, value: None };
    Message { id: MessageId(0), operation, controls: Vec::new() }
}

fn operation(writer: &mut Writer, response: &Response) {
    match response {
        Response::Entry(found) => writer.nested(ENTRY, |writer| entry(writer, found)),
        Response::Done(kind, outcome) => writer.nested(tag(*kind), |writer| result(writer, outcome)),
        Response::Extended { result: outcome, oid, value } => writer.nested(EXTENDED, |writer| {
            result(writer, outcome);
            if let Some(oid) = oid {
                writer.tagged(0x8a, oid.as_bytes());
            }
            if let Some(value) = value {
                writer.tagged(0x8b, value);
            }
        }),
    }
}

/// The tag of the answer in which an operation ends.
fn tag(kind: Kind) -> u8 {
    match kind {
        Kind::Bind => 0x61,
        Kind::Search => 0x65,
        Kind::Modify => 0x67,
        Kind::Add => 0x69,
        Kind::Delete => 0x6b,
        Kind::ModifyDn => 0x6d,
        Kind::Compare => 0x6f,
        Kind::Extended => EXTENDED,
    }
}

fn entry(writer: &mut Writer, entry: &Entry) {
    writer.octets(entry.dn.as_bytes());
    writer.nested(SEQUENCE, |writer| {
        for attribute in &entry.attributes {
            writer.nested(SEQUENCE, |writer| {
                writer.octets(attribute.name.as_bytes());
                writer.nested(SET, |writer| attribute.values.iter().for_each(|value| writer.octets(value)));
            });
        }
    });
}

fn result(writer: &mut Writer, result: &LdapResult) {
    writer.enumerated(i64::from(result.code.number()));
    writer.octets(result.matched_dn.as_bytes());
    writer.octets(result.message.as_bytes());
}

pub(super) fn controls(writer: &mut Writer, controls: &[Control]) {
    if controls.is_empty() {
        return;
    }
    writer.nested(0xa0, |writer| {
        for control in controls {
            writer.nested(SEQUENCE, |writer| {
                writer.octets(control.oid.as_bytes());
                if control.critical {
                    writer.boolean(true);
                }
                if let Some(value) = &control.value {
                    writer.octets(value);
                }
            });
        }
    });
}
