//! The controls that Active Directory knows: their OIDs and what is in their values.
//! Source: RFC 2696 (pages), 2891 (sort), 3296 (`ManageDsaIT`); MS-ADTS §3.1.1.3.4.1.

use crate::protocols::ldap::ber;
use crate::protocols::ldap::ber::BerError;
use crate::protocols::ldap::ber::Reader;
use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::result::ResultCode;
use crate::protocols::ldap::writer::Writer;

pub(crate) const PAGED_RESULTS: &str = "1.2.840.113556.1.4.319";
pub(crate) const SORT_REQUEST: &str = "1.2.840.113556.1.4.473";
pub(crate) const SORT_RESPONSE: &str = "1.2.840.113556.1.4.474";
/// `LDAP_SERVER_SHOW_DELETED_OID`, no value.
pub(crate) const SHOW_DELETED: &str = "1.2.840.113556.1.4.417";
/// `LDAP_SERVER_LAZY_COMMIT_OID`, no value.
pub(crate) const LAZY_COMMIT: &str = "1.2.840.113556.1.4.619";
/// `LDAP_SERVER_SD_FLAGS_OID`, which parts of a security descriptor.
pub(crate) const SD_FLAGS: &str = "1.2.840.113556.1.4.801";
/// `LDAP_SERVER_TREE_DELETE_OID`, no value.
pub(crate) const TREE_DELETE: &str = "1.2.840.113556.1.4.805";
/// `LDAP_SERVER_DOMAIN_SCOPE_OID`: no referrals; no value.
pub(crate) const DOMAIN_SCOPE: &str = "1.2.840.113556.1.4.1339";
/// `LDAP_SERVER_SEARCH_OPTIONS_OID`, flags.
pub(crate) const SEARCH_OPTIONS: &str = "1.2.840.113556.1.4.1340";
/// `LDAP_SERVER_PERMISSIVE_MODIFY_OID`: adding what is there and deleting what isn't succeeds; no value.
pub(crate) const PERMISSIVE_MODIFY: &str = "1.2.840.113556.1.4.1413";
pub(crate) const MANAGE_DSA_IT: &str = "2.16.840.1.113730.3.4.2";

/// How many attributes a sort may name.
const MOST_SORT_KEYS: usize = 16;

/// A page that is asked for. Source: RFC 2696 §2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// The most entries; 0 ends the paging.
    pub(crate) size: u32,
    /// Empty for the first page; then what the server said with the last one.
    pub(crate) cookie: Vec<u8>,
}

/// An attribute to sort by. Source: RFC 2891 §1.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SortKey {
    pub(crate) attribute: String,
    /// A matching rule by OID or name.
    pub(crate) rule: Option<String>,
    pub(crate) reverse: bool,
}

impl Control {
    /// The value as a page that is asked for.
    ///
    /// # Errors
    /// [`BerError`] when it is not what the RFC says, or absent.
    pub(crate) fn page_request(&self) -> Result<PageRequest, BerError> {
        let mut inner = Reader::new(self.needed()?).within(SEQUENCE)?;
        let size = inner.integer()?;
        let size = u32::try_from(size).map_err(|_| BerError::BadInteger)?;
        Ok(PageRequest { size, cookie: inner.octets()?.to_owned() })
    }

    /// The answer to a page: the cookie for the next one (empty: there is none), and perhaps how many there are in all.
    pub(crate) fn page(estimate: u32, cookie: &[u8]) -> Self {
        let mut writer = Writer::new();
        writer.nested(SEQUENCE, |writer| {
            writer.integer(i64::from(estimate));
            writer.octets(cookie);
        });
        Self { oid: PAGED_RESULTS.to_owned(), critical: false, value: Some(writer.into_bytes()) }
    }

    /// The value as what to sort by, most important first; at least one.
    ///
    /// # Errors
    /// [`BerError`] when it is not what the RFC says, names nothing or too much, or is absent.
    pub(crate) fn sort_keys(&self) -> Result<Vec<SortKey>, BerError> {
        let mut list = Reader::new(self.needed()?).within(SEQUENCE)?;
        let mut keys = vec![sort_key(&mut list)?];
        while !list.is_empty() && keys.len() < MOST_SORT_KEYS {
            keys.push(sort_key(&mut list)?);
        }
        if list.is_empty() { Ok(keys) } else { Err(BerError::Truncated) }
    }

    /// The answer to a sort: whether it was done, and because of which attribute not.
    pub(crate) fn sorted(code: ResultCode, attribute: Option<&str>) -> Self {
        let mut writer = Writer::new();
        writer.nested(SEQUENCE, |writer| {
            writer.enumerated(i64::from(code.number()));
            if let Some(attribute) = attribute {
                writer.tagged(0x80, attribute.as_bytes());
            }
        });
        Self { oid: SORT_RESPONSE.to_owned(), critical: false, value: Some(writer.into_bytes()) }
    }

    fn needed(&self) -> Result<&[u8], BerError> {
        self.value.as_deref().ok_or(BerError::Truncated)
    }
}

fn sort_key(list: &mut Reader<'_>) -> Result<SortKey, BerError> {
    let mut inner = list.within(SEQUENCE)?;
    let attribute = inner.text()?.to_owned();
    let rule = inner.optional(0x80)?.map(ber::text).transpose()?.map(str::to_owned);
    let reverse = inner.optional(0x81)?.map(ber::boolean).transpose()?.unwrap_or(false);
    Ok(SortKey { attribute, rule, reverse })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(value: Option<&[u8]>) -> Control {
        Control { oid: PAGED_RESULTS.to_owned(), critical: false, value: value.map(<[u8]>::to_owned) }
    }

    #[test]
    fn a_page_is_asked_for_and_answered_in_one_form() {
        let asked = control(Some(b"\x30\x06\x02\x01\x05\x04\x01c")).page_request();
        assert_eq!(asked, Ok(PageRequest { size: 5, cookie: b"c".to_vec() }));
        assert_eq!(Control::page(7, b"xy").page_request(), Ok(PageRequest { size: 7, cookie: b"xy".to_vec() }));
        assert_eq!(control(None).page_request(), Err(BerError::Truncated));
        assert_eq!(control(Some(b"\x30\x05\x02\x01\xff\x04\0")).page_request(), Err(BerError::BadInteger));
    }

    #[test]
    fn sort_keys_are_read_with_rule_and_direction() {
        let asked = control(Some(b"\x30\x12\x30\x04\x04\x02cn\x30\x0a\x04\x02sn\x80\x01r\x81\x01\xff")).sort_keys();
        let key = |attribute: &str, rule: Option<&str>, reverse| SortKey {
            attribute: attribute.to_owned(),
            rule: rule.map(str::to_owned),
            reverse,
        };
        assert_eq!(asked, Ok(vec![key("cn", None, false), key("sn", Some("r"), true)]));
        assert_eq!(control(Some(b"\x30\0")).sort_keys(), Err(BerError::Truncated));
        let many = [&b"\x30\x66"[..], &b"\x30\x04\x04\x02cn".repeat(17)].concat();
        assert_eq!(control(Some(&many)).sort_keys(), Err(BerError::Truncated));
    }
}
