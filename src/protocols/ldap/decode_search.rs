//! Search requests as they come over the wire. Source: RFC 4511 §4.5.1.

use crate::protocols::ldap::ber::Reader;
use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::decode::Flaw;
use crate::protocols::ldap::filter_ber;
use crate::protocols::ldap::message::Dereference;
use crate::protocols::ldap::message::Scope;
use crate::protocols::ldap::message::Search;

pub(super) fn search(mut inner: Reader<'_>) -> Result<Search, Flaw> {
    let base = inner.text()?.to_owned();
    let scope = match inner.enumerated()? {
        0 => Scope::Base,
        1 => Scope::OneLevel,
        2 => Scope::Subtree,
        other => return Err(Flaw::Rule(format!("there is no scope {other}"))),
    };
    let dereference = match inner.enumerated()? {
        0 => Dereference::Never,
        1 => Dereference::Searching,
        2 => Dereference::FindingBase,
        3 => Dereference::Always,
        other => return Err(Flaw::Rule(format!("there is no way {other} to dereference aliases"))),
    };
    let size_limit = limit(inner.integer()?)?;
    let time_limit = limit(inner.integer()?)?;
    let types_only = inner.boolean()?;
    let filter = filter_ber::read(&mut inner)?;
    let mut list = inner.within(SEQUENCE)?;
    let mut attributes = Vec::new();
    while !list.is_empty() {
        attributes.push(list.text()?.to_owned());
    }
    Ok(Search { base, scope, dereference, size_limit, time_limit, types_only, filter, attributes })
}

fn limit(number: i64) -> Result<u32, Flaw> {
    u32::try_from(number).map_err(|_| Flaw::Rule(format!("{number} is no limit")))
}
