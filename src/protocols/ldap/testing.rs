//! The client's side of the wire, for tests: requests are written as a client writes them.

use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::ber::SET;
use crate::protocols::ldap::encode;
use crate::protocols::ldap::filter::Assertion;
use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::filter_ber;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Bind;
use crate::protocols::ldap::message::Credentials;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Search;
use crate::protocols::ldap::writer::Writer;

/// The bytes of a request.
pub(crate) fn request(message: &Message<Request>) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.nested(SEQUENCE, |writer| {
        writer.integer(i64::from(message.id.0));
        operation(writer, &message.operation);
        encode::controls(writer, &message.controls);
    });
    writer.into_bytes()
}

fn operation(writer: &mut Writer, request: &Request) {
    match request {
        Request::Bind(asked) => writer.nested(0x60, |writer| bind(writer, asked)),
        Request::Unbind => writer.tagged(0x42, b""),
        Request::Search(asked) => writer.nested(0x63, |writer| search(writer, asked)),
        Request::Modify(asked) => writer.nested(0x66, |writer| {
            writer.octets(asked.dn.as_bytes());
            writer.nested(SEQUENCE, |writer| {
                for change in &asked.changes {
                    writer.nested(SEQUENCE, |writer| {
                        writer.enumerated(change.kind as i64);
                        attribute(writer, &change.attribute);
                    });
                }
            });
        }),
        Request::Add(asked) => writer.nested(0x68, |writer| {
            writer.octets(asked.dn.as_bytes());
            writer.nested(SEQUENCE, |writer| asked.attributes.iter().for_each(|part| attribute(writer, part)));
        }),
        Request::Delete(dn) => writer.tagged(0x4a, dn.as_bytes()),
        Request::ModifyDn(asked) => writer.nested(0x6c, |writer| {
            writer.octets(asked.dn.as_bytes());
            writer.octets(asked.new_rdn.as_bytes());
            writer.boolean(asked.delete_old_rdn);
            if let Some(superior) = &asked.new_superior {
                writer.tagged(0x80, superior.as_bytes());
            }
        }),
        Request::Compare(asked) => writer.nested(0x6e, |writer| {
            writer.octets(asked.dn.as_bytes());
            writer.nested(SEQUENCE, |writer| {
                writer.octets(asked.attribute.as_bytes());
                writer.octets(&asked.value);
            });
        }),
        Request::Abandon(id) => {
            let mut number = Writer::new();
            number.integer(i64::from(id.0));
            writer.tagged(0x50, number.into_bytes().get(2..).unwrap_or_default());
        }
        Request::Extended(asked) => writer.nested(0x77, |writer| {
            writer.tagged(0x80, asked.oid.as_bytes());
            if let Some(value) = &asked.value {
                writer.tagged(0x81, value);
            }
        }),
    }
}

fn bind(writer: &mut Writer, bind: &Bind) {
    writer.integer(bind.version);
    writer.octets(bind.name.as_bytes());
    match &bind.credentials {
        Credentials::Simple(password) => writer.tagged(0x80, password),
        Credentials::Sasl { mechanism, credentials } => writer.nested(0xa3, |writer| {
            writer.octets(mechanism.as_bytes());
            if let Some(credentials) = credentials {
                writer.octets(credentials);
            }
        }),
        Credentials::Unknown(tag) => writer.tagged(*tag, b""),
    }
}

fn search(writer: &mut Writer, search: &Search) {
    writer.octets(search.base.as_bytes());
    writer.enumerated(search.scope as i64);
    writer.enumerated(search.dereference as i64);
    writer.integer(i64::from(search.size_limit));
    writer.integer(i64::from(search.time_limit));
    writer.boolean(search.types_only);
    filter(writer, &search.filter);
    writer.nested(SEQUENCE, |writer| search.attributes.iter().for_each(|name| writer.octets(name.as_bytes())));
}

fn attribute(writer: &mut Writer, attribute: &Attribute) {
    writer.nested(SEQUENCE, |writer| {
        writer.octets(attribute.name.as_bytes());
        writer.nested(SET, |writer| attribute.values.iter().for_each(|value| writer.octets(value)));
    });
}

fn filter(writer: &mut Writer, wanted: &Filter) {
    let parts = |writer: &mut Writer, tag, parts: &[Filter]| {
        writer.nested(tag, |writer| parts.iter().for_each(|part| filter(writer, part)));
    };
    let item = |writer: &mut Writer, tag, assertion: &Assertion| {
        writer.nested(tag, |writer| {
            writer.octets(assertion.attribute.as_bytes());
            writer.octets(&assertion.value);
        });
    };
    match wanted {
        Filter::And(list) => parts(writer, filter_ber::AND, list),
        Filter::Or(list) => parts(writer, filter_ber::OR, list),
        Filter::Not(part) => writer.nested(filter_ber::NOT, |writer| filter(writer, part)),
        Filter::Equality(assertion) => item(writer, filter_ber::EQUALITY, assertion),
        Filter::GreaterOrEqual(assertion) => item(writer, filter_ber::GREATER_OR_EQUAL, assertion),
        Filter::LessOrEqual(assertion) => item(writer, filter_ber::LESS_OR_EQUAL, assertion),
        Filter::Approximate(assertion) => item(writer, filter_ber::APPROXIMATE, assertion),
        Filter::Present(attribute) => writer.tagged(filter_ber::PRESENT, attribute.as_bytes()),
        Filter::Substrings(substrings) => writer.nested(filter_ber::SUBSTRINGS, |writer| {
            writer.octets(substrings.attribute.as_bytes());
            writer.nested(SEQUENCE, |writer| {
                substrings.initial.iter().for_each(|piece| writer.tagged(0x80, piece));
                substrings.any.iter().for_each(|piece| writer.tagged(0x81, piece));
                substrings.last.iter().for_each(|piece| writer.tagged(0x82, piece));
            });
        }),
        Filter::Extensible(extensible) => writer.nested(filter_ber::EXTENSIBLE, |writer| {
            extensible.rule.iter().for_each(|rule| writer.tagged(0x81, rule.as_bytes()));
            extensible.attribute.iter().for_each(|name| writer.tagged(0x82, name.as_bytes()));
            writer.tagged(0x83, &extensible.value);
            if extensible.dn_attributes {
                writer.tagged(0x84, &[0xff]);
            }
        }),
    }
}
