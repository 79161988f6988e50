//! What comes from the network or from a file and is read as LDAP: no input may panic, hang, or change its meaning when
//! it is written and read again.
//!
//! The first byte of an input says what the rest is taken for. The modules are the server's own, included by their path:
//! they are private, and depend on nothing else of it.

#![no_main]
#![allow(dead_code, reason = "the server uses the rest")]

#[path = "../../src/protocols"]
mod protocols {
    #[path = "ldap/mod.rs"]
    pub(crate) mod ldap;
}

use libfuzzer_sys::fuzz_target;

use crate::protocols::ldap::control;
use crate::protocols::ldap::decode;
use crate::protocols::ldap::dn::Dn;
use crate::protocols::ldap::extended::PasswordModify;
use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::filter_print;
use crate::protocols::ldap::frame;
use crate::protocols::ldap::ldif;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::testing;

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else { return };
    let text = std::str::from_utf8(rest);
    match (kind, text) {
        (b'm', _) => message(rest),
        (b'v', _) => values(rest),
        (b'e', _) => escaped(rest),
        (b'f', Ok(text)) => filter(text),
        (b'd', Ok(text)) => name(text),
        (b'l', Ok(text)) => drop(ldif::read(text)),
        _ => {}
    }
});

/// A stream of messages, cut and read. A request that reads is the same after it was written and read again, and its
/// filter is the same after it was a text.
fn message(mut bytes: &[u8]) {
    while let Ok(Some(length)) = frame::first_message(bytes, 1 << 20) {
        let (first, rest) = bytes.split_at(length);
        if let Ok(request) = decode::request(first) {
            assert_eq!(decode::request(&testing::request(&request)).as_ref(), Ok(&request));
        }
        bytes = rest;
    }
}

/// The values of controls and extended operations.
fn values(bytes: &[u8]) {
    let control = Control { oid: control::PAGED_RESULTS.to_owned(), critical: false, value: Some(bytes.to_owned()) };
    if let Ok(page) = control.page_request() {
        assert_eq!(Control::page(page.size, &page.cookie).page_request(), Ok(page));
    }
    let _ = (control.sort_keys(), PasswordModify::read(Some(bytes)));
}

/// Whatever a value is, in a filter it stays a value.
fn escaped(value: &[u8]) {
    match format!("(uid={})", filter_print::escape(value)).parse() {
        Ok(Filter::Equality(found)) => assert!(found.attribute == "uid" && found.value == value),
        other => panic!("{other:?}"),
    }
}

fn filter(text: &str) {
    if let Ok(filter) = text.parse::<Filter>() {
        assert_eq!(filter.to_string().parse(), Ok(filter));
    }
}

fn name(text: &str) {
    if let Ok(name) = text.parse::<Dn>() {
        let printed: Dn = name.to_string().parse().unwrap();
        assert_eq!((printed.key(), &printed), (name.key(), &name));
        assert!(name.parent().is_none_or(|parent| name.is_within(&parent)));
    }
}
