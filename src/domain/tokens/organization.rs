//! The organization that a token was issued in. Source: spec/tokens.md §2 and §7.

use serde_json::Map;
use serde_json::Value;

/// What tokens say of an organization.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrganizationClaim<'a> {
    pub(crate) id: &'a str,
    /// Only where the tenant allows names in the Authentication API; in lower case.
    pub(crate) name: Option<&'a str>,
}

impl OrganizationClaim<'_> {
    /// Puts `org_id`, and `org_name` if it is told.
    pub(super) fn put(self, claims: &mut Map<String, Value>) {
        claims.insert("org_id".to_owned(), self.id.into());
        if let Some(name) = self.name {
            claims.insert("org_name".to_owned(), name.to_lowercase().into());
        }
    }
}
