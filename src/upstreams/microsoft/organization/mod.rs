//! A company's directory at Microsoft Entra ID: the people and groups of the fake Active Directory, as if they were
//! synchronized to it. Source: spec/upstreams.md §4, spec/enterprise.md §7.

pub(super) mod claims;
pub(super) mod graph;
mod groups;
pub(super) mod people;
pub(super) mod sign_in;

use crate::keys::digest;
use crate::upstreams::microsoft::error;
use crate::upstreams::state::UpstreamState;

/// The organization that the Active Directory's domain is at Entra.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Organization {
    /// Always the same for the same domain.
    pub(super) id: String,
    domain: String,
    /// `acme.onmicrosoft.com`
    first_domain: String,
}

impl Organization {
    pub(super) fn of(state: &UpstreamState) -> Option<Self> {
        let domain = state.directory.domain()?;
        Some(Self {
            id: error::guid_of(&format!("organization {}", domain.dns)),
            domain: domain.dns.to_lowercase(),
            first_domain: format!("{}.onmicrosoft.com", domain.netbios.to_lowercase()),
        })
    }

    /// Whether a path means it by this name, in lower case: its id or one of its domains, which are the directory's own
    /// and all below that.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let is_below = || name.strip_suffix(&self.domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        name == self.id || name == self.first_domain || is_below()
    }

    /// The id that something of the directory has here. Another one than there, as in reality, and found back by
    /// [`Organization::guid_of`].
    fn object_id(&self, guid: &[u8]) -> String {
        let hex = digest::hex(&self.masked(guid));
        let mut digits = hex.chars();
        [8, 4, 4, 4, 12].map(|length| digits.by_ref().take(length).collect::<String>()).join("-")
    }

    /// The directory's id of what has this one here.
    fn guid_of(&self, object_id: &str) -> Option<Vec<u8>> {
        let digits: String = object_id.chars().filter(|digit| *digit != '-').collect();
        let number = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32 && object_id.len() == 36)?;
        Some(self.masked(&number.to_be_bytes()))
    }

    fn masked(&self, bytes: &[u8]) -> Vec<u8> {
        let mask = digest::sha256(format!("objects of {}", self.id).as_bytes());
        bytes.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acme() -> Organization {
        let first_domain = "acme.onmicrosoft.com".to_owned();
        Organization { id: "1-2".to_owned(), domain: "acme.example".to_owned(), first_domain }
    }

    #[test]
    fn an_organization_goes_by_its_id_and_its_domains() {
        for name in ["1-2", "acme.example", "corp.acme.example", "acme.onmicrosoft.com"] {
            assert!(acme().is_called(name), "{name}");
        }
        for name in ["", "example", "notacme.example", "acme.example.org", "other.onmicrosoft.com"] {
            assert!(!acme().is_called(name), "{name}");
        }
    }

    #[test]
    fn objects_have_ids_of_their_own_that_are_found_back() {
        let guid = [7; 16];
        let id = acme().object_id(&guid);
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_ne!(id, "07070707-0707-0707-0707-070707070707");
        assert_eq!(acme().guid_of(&id), Some(guid.to_vec()));
        assert_ne!(Organization { id: "2".to_owned(), ..acme() }.object_id(&guid), id);
        assert_eq!((acme().guid_of("0123456789abcdef"), acme().guid_of("")), (None, None));
    }
}
