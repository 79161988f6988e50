//! Filters on the wire. Source: RFC 4511 §4.5.1.

use crate::protocols::ldap::ber;
use crate::protocols::ldap::ber::BerError;
use crate::protocols::ldap::ber::Reader;
use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::filter::Assertion;
use crate::protocols::ldap::filter::Bounds;
use crate::protocols::ldap::filter::Extensible;
use crate::protocols::ldap::filter::Filter;
use crate::protocols::ldap::filter::MOST_DEPTH;
use crate::protocols::ldap::filter::MOST_PARTS;
use crate::protocols::ldap::filter::Substrings;

pub(super) const AND: u8 = 0xa0;
pub(super) const OR: u8 = 0xa1;
pub(super) const NOT: u8 = 0xa2;
pub(super) const EQUALITY: u8 = 0xa3;
pub(super) const SUBSTRINGS: u8 = 0xa4;
pub(super) const GREATER_OR_EQUAL: u8 = 0xa5;
pub(super) const LESS_OR_EQUAL: u8 = 0xa6;
pub(super) const PRESENT: u8 = 0x87;
pub(super) const APPROXIMATE: u8 = 0xa8;
pub(super) const EXTENSIBLE: u8 = 0xa9;

/// Why a filter can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FilterError {
    #[error("{0}")]
    Ber(#[from] BerError),
    #[error("the filter is nested more than {MOST_DEPTH} deep or has more than {MOST_PARTS} parts")]
    TooBig,
    #[error("the filter has a part with the unknown tag 0x{0:02x}")]
    UnknownTag(u8),
    #[error("the filter has substrings out of order, or none")]
    Substrings,
    #[error("the filter has an extensible match with neither a rule nor an attribute")]
    Extensible,
}

/// Reads the filter that comes next.
///
/// # Errors
/// [`FilterError`].
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Filter, FilterError> {
    part(reader, &mut Bounds::new())
}

fn part(reader: &mut Reader<'_>, bounds: &mut Bounds) -> Result<Filter, FilterError> {
    bounds.enter().ok_or(FilterError::TooBig)?;
    let (tag, content) = reader.any()?;
    let mut inner = Reader::new(content);
    let filter = match tag {
        AND => Filter::And(parts(inner, bounds)?),
        OR => Filter::Or(parts(inner, bounds)?),
        NOT => Filter::Not(Box::new(part(&mut inner, bounds)?)),
        EQUALITY => Filter::Equality(assertion(inner)?),
        SUBSTRINGS => Filter::Substrings(substrings(inner, bounds)?),
        GREATER_OR_EQUAL => Filter::GreaterOrEqual(assertion(inner)?),
        LESS_OR_EQUAL => Filter::LessOrEqual(assertion(inner)?),
        PRESENT => Filter::Present(ber::text(content)?.to_owned()),
        APPROXIMATE => Filter::Approximate(assertion(inner)?),
        EXTENSIBLE => Filter::Extensible(extensible(inner)?),
        unknown => return Err(FilterError::UnknownTag(unknown)),
    };
    bounds.leave();
    Ok(filter)
}

fn parts(mut inner: Reader<'_>, bounds: &mut Bounds) -> Result<Vec<Filter>, FilterError> {
    let mut parts = Vec::new();
    while !inner.is_empty() {
        parts.push(part(&mut inner, bounds)?);
    }
    Ok(parts)
}

fn assertion(mut inner: Reader<'_>) -> Result<Assertion, FilterError> {
    Ok(Assertion { attribute: inner.text()?.to_owned(), value: inner.octets()?.to_owned() })
}

fn substrings(mut inner: Reader<'_>, bounds: &mut Bounds) -> Result<Substrings, FilterError> {
    let mut read = Substrings { attribute: inner.text()?.to_owned(), ..Substrings::default() };
    let mut pieces = inner.within(SEQUENCE)?;
    if pieces.is_empty() {
        return Err(FilterError::Substrings);
    }
    while !pieces.is_empty() {
        bounds.enter().ok_or(FilterError::TooBig)?;
        let (tag, content) = pieces.any()?;
        let nothing_yet = read.initial.is_none() && read.any.is_empty();
        match tag {
            0x80 if nothing_yet && read.last.is_none() => read.initial = Some(content.to_owned()),
            0x81 if read.last.is_none() => read.any.push(content.to_owned()),
            0x82 if read.last.is_none() => read.last = Some(content.to_owned()),
            _ => return Err(FilterError::Substrings),
        }
        bounds.leave();
    }
    Ok(read)
}

fn extensible(mut inner: Reader<'_>) -> Result<Extensible, FilterError> {
    let text = |content: Option<&[u8]>| content.map(|content| ber::text(content).map(str::to_owned)).transpose();
    let rule = text(inner.optional(0x81)?)?;
    let attribute = text(inner.optional(0x82)?)?;
    if rule.is_none() && attribute.is_none() {
        return Err(FilterError::Extensible);
    }
    let value = inner.tagged(0x83)?.to_owned();
    let dn_attributes = inner.optional(0x84)?.map(ber::boolean).transpose()?.unwrap_or(false);
    Ok(Extensible { rule, attribute, value, dn_attributes })
}
