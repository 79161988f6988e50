//! Whole messages, there and back, and as real clients send them.

use std::sync::Arc;

use crate::protocols::ldap::decode;
use crate::protocols::ldap::decode::DecodeError;
use crate::protocols::ldap::encode;
use crate::protocols::ldap::message::Add;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Bind;
use crate::protocols::ldap::message::Change;
use crate::protocols::ldap::message::ChangeKind;
use crate::protocols::ldap::message::Compare;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::message::Credentials;
use crate::protocols::ldap::message::Dereference;
use crate::protocols::ldap::message::Entry;
use crate::protocols::ldap::message::Extended;
use crate::protocols::ldap::message::Kind;
use crate::protocols::ldap::message::Message;
use crate::protocols::ldap::message::MessageId;
use crate::protocols::ldap::message::Modify;
use crate::protocols::ldap::message::ModifyDn;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::message::Scope;
use crate::protocols::ldap::message::Search;
use crate::protocols::ldap::result::LdapResult;
use crate::protocols::ldap::result::ResultCode;
use crate::protocols::ldap::testing;

fn attribute(name: &str, values: &[&str]) -> Attribute {
    Attribute { name: name.into(), values: values.iter().map(|value| Arc::from(value.as_bytes())).collect() }
}

fn search(filter: &str) -> Request {
    Request::Search(Search {
        base: "DC=acme,DC=example".to_owned(),
        scope: Scope::Subtree,
        dereference: Dereference::Always,
        size_limit: 7,
        time_limit: 70_000,
        types_only: true,
        filter: filter.parse().unwrap(),
        attributes: vec!["cn".to_owned(), "+".to_owned()],
    })
}

fn bind(credentials: Credentials) -> Request {
    Request::Bind(Bind { version: 3, name: "ACME\\jdoe".to_owned(), credentials })
}

fn requests() -> Vec<Request> {
    let change = |kind, values: &[&str]| Change { kind, attribute: attribute("title", values) };
    let changes = vec![
        change(ChangeKind::Add, &["a", "b"]),
        change(ChangeKind::Delete, &[]),
        change(ChangeKind::Replace, &["c"]),
        change(ChangeKind::Increment, &["1"]),
    ];
    let dn = || "CN=a,DC=x".to_owned();
    vec![
        bind(Credentials::Simple(b"\xffsecret".to_vec())),
        bind(Credentials::Sasl { mechanism: "PLAIN".to_owned(), credentials: Some(b"\0a\0b".to_vec()) }),
        bind(Credentials::Sasl { mechanism: "EXTERNAL".to_owned(), credentials: None }),
        bind(Credentials::Unknown(0x89)),
        Request::Unbind,
        search("(&(objectClass=user)(|(cn=a*b*c)(sn=*z))(!(x>=1))(y<=2)(z~=3)(w=*))"),
        search("(|(objectGUID=\\b1\\f5\\00)(uac:1.2.840.113556.1.4.803:=2)(:dn:2.4.6:=x)(cn:=y)(&)(|))"),
        Request::Modify(Modify { dn: dn(), changes }),
        Request::Add(Add { dn: dn(), attributes: vec![attribute("cn", &["a"]), attribute("sn", &["é"])] }),
        Request::Delete(dn()),
        Request::ModifyDn(ModifyDn {
            dn: dn(),
            new_rdn: "CN=b".to_owned(),
            delete_old_rdn: true,
            new_superior: Some("DC=y".to_owned()),
        }),
        Request::ModifyDn(ModifyDn { dn: dn(), new_rdn: "CN=b".to_owned(), delete_old_rdn: false, new_superior: None }),
        Request::Compare(Compare { dn: dn(), attribute: "cn".to_owned(), value: b"\0".to_vec() }),
        Request::Abandon(MessageId(300)),
        Request::Extended(Extended { oid: "1.2.3".to_owned(), value: Some(b"x".to_vec()) }),
        Request::Extended(Extended { oid: "1.2.3".to_owned(), value: None }),
    ]
}

fn controls() -> Vec<Control> {
    let control = |critical, value: Option<&[u8]>| Control {
        oid: "1.2.840.113556.1.4.319".to_owned(),
        critical,
        value: value.map(<[u8]>::to_owned),
    };
    vec![control(true, Some(b"v")), control(false, None), control(false, Some(b""))]
}

#[test]
fn every_request_reads_as_it_was_written() {
    for operation in requests() {
        for controls in [Vec::new(), controls()] {
            let message = Message { id: MessageId(0x7fff_ffff), operation: operation.clone(), controls };
            assert_eq!(decode::request(&testing::request(&message)), Ok(message));
        }
    }
}

#[test]
fn a_message_cut_off_or_bent_anywhere_is_refused_or_read_but_never_more() {
    for operation in requests() {
        let bytes = testing::request(&Message { id: MessageId(1), operation, controls: controls() });
        for end in 0..bytes.len() {
            assert!(decode::request(&bytes[..end]).is_err());
        }
        for place in 0..bytes.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut bent = bytes.clone();
                bent[place] ^= flip;
                let _ = decode::request(&bent);
            }
        }
    }
}

#[test]
fn a_broken_rule_is_answered_and_broken_bytes_end_the_connection() {
    let refused = |bytes: &[u8]| decode::request(bytes).unwrap_err();
    let bent = |operation: Request, what: &[u8], with: &[u8]| {
        let bytes = testing::request(&Message { id: MessageId(1), operation, controls: Vec::new() });
        let place = bytes.windows(what.len()).position(|window| window == what).unwrap();
        refused(&[&bytes[..place], with, &bytes[place + what.len()..]].concat())
    };
    let reason = "there is no scope 7".to_owned();
    let expected = DecodeError::Refused { id: MessageId(1), kind: Kind::Search, reason };
    assert_eq!(bent(search("(a=b)"), b"\x0a\x01\x02", b"\x0a\x01\x07"), expected);
    let reason = "the filter has a part with the unknown tag 0xaf".to_owned();
    let expected = DecodeError::Refused { id: MessageId(1), kind: Kind::Search, reason };
    assert_eq!(bent(search("(|(a=b))"), b"\xa1\x84", b"\xaf\x84"), expected);
    let broken = |reason: &str| DecodeError::Broken(reason.to_owned());
    assert_eq!(refused(b"\x30\x05\x02\x01\xff\x42\x00"), broken("has a bad ID"));
    assert_eq!(refused(b"\x30\x05\x02\x01\x01\x4f\x00"), broken("has an operation with the tag 0x4f"));
    assert_eq!(refused(b"\x30\x07\x02\x01\x01\x4a\x02\xff\xfe"), broken("has text that is not UTF-8"));
    let many = Message { id: MessageId(1), operation: Request::Unbind, controls: vec![controls().remove(0); 65] };
    assert_eq!(refused(&testing::request(&many)), broken("has a flaw: the message has more than 64 controls"));
}

/// Sent by OpenLDAP's ldapsearch, lengths in short form.
#[test]
fn a_bind_from_the_wire_is_read() {
    let bytes = b"\x30\x16\x02\x01\x01\x60\x11\x02\x01\x03\x04\x06cn=adm\x80\x04pass";
    let bind = Bind { version: 3, name: "cn=adm".to_owned(), credentials: Credentials::Simple(b"pass".to_vec()) };
    let message = Message { id: MessageId(1), operation: Request::Bind(bind), controls: Vec::new() };
    assert_eq!(decode::request(bytes), Ok(message));
}

#[test]
fn answers_are_written_as_the_rfc_has_them() {
    let check = |operation, controls, expected: &[u8]| {
        let bytes = encode::response(Vec::new(), &Message { id: MessageId(2), operation, controls });
        assert_eq!(bytes, expected);
    };
    let result = LdapResult::new(ResultCode::NoSuchObject, "no").matched("DC=x");
    check(
        Response::Done(Kind::Delete, result),
        Vec::new(),
        b"\x30\x84\0\0\0\x16\x02\x01\x02\x6b\x84\0\0\0\x0d\x0a\x01\x20\x04\x04DC=x\x04\x02no",
    );
    check(
        Response::Entry(Entry { dn: "DC=x".into(), attributes: vec![attribute("cn", &["a"])] }),
        Vec::new(),
        b"\x30\x84\0\0\0\x28\x02\x01\x02\x64\x84\0\0\0\x1f\x04\x04DC=x\x30\x84\0\0\0\x13\
          \x30\x84\0\0\0\x0d\x04\x02cn\x31\x84\0\0\0\x03\x04\x01a",
    );
    check(
        Response::Extended { result: LdapResult::success(), oid: Some("1".to_owned()), value: Some(b"v".to_vec()) },
        vec![Control { oid: "1.2".to_owned(), critical: false, value: None }],
        b"\x30\x84\0\0\0\x27\x02\x01\x02\x78\x84\0\0\0\x0d\x0a\x01\0\x04\0\x04\0\x8a\x011\x8b\x01v\
          \xa0\x84\0\0\0\x0b\x30\x84\0\0\0\x05\x04\x031.2",
    );
}
