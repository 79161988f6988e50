//! What tokens say of an account, by the usual claim rules. Source: spec/enterprise.md §5.1, spec/upstreams.md §8.

use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Kind;
use crate::protocols::saml::attribute::Value;
use crate::protocols::wsfed::names::claim;
use crate::time::Timestamp;
use crate::upstreams::active_directory::directory::Directory;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::identifiers::Sid;
use crate::upstreams::active_directory::view::View;

/// Every claim that is given out, and what it is called to people.
pub(super) const OFFERED: [(&str, &str); 9] = [
    (claim::NAME_ID, "Name ID"),
    (claim::UPN, "UPN"),
    (claim::EMAIL, "E-Mail Address"),
    (claim::NAME, "Name"),
    (claim::GIVEN_NAME, "Given Name"),
    (claim::SURNAME, "Surname"),
    (claim::WINDOWS_ACCOUNT, "Windows account name"),
    (claim::PRIMARY_SID, "Primary SID"),
    (claim::GROUP, "Group"),
];

/// Claims that are an attribute of the entry.
const COPIED: [(&str, &str); 5] = [
    (claim::UPN, "userPrincipalName"),
    (claim::EMAIL, "mail"),
    (claim::NAME, "displayName"),
    (claim::GIVEN_NAME, "givenName"),
    (claim::SURNAME, "sn"),
];

/// The claims of an account, in a fixed order; what it doesn't have is left out. The name identifier isn't among them:
/// it is the token's subject.
pub(super) fn of(directory: &Directory, entry: &Entry, now: Timestamp) -> Vec<Attribute> {
    let mut claims: Vec<_> =
        COPIED.iter().filter_map(|(uri, name)| Some(claim(uri, [entry.text(name)?.to_owned()]))).collect();
    if let Some(name) = windows_account(directory, entry) {
        claims.push(claim(claim::WINDOWS_ACCOUNT, [name]));
    }
    if let Some(sid) = entry.values("objectSid").first().and_then(|bytes| Sid::from_bytes(bytes)) {
        claims.push(claim(claim::PRIMARY_SID, [sid.to_string()]));
    }
    let groups = View { directory, now }.groups_of(entry);
    let mut names: Vec<_> =
        groups.iter().filter_map(|id| directory.entry(*id)?.text("sAMAccountName").map(str::to_owned)).collect();
    names.sort_unstable();
    if !names.is_empty() {
        claims.push(claim(claim::GROUP, names));
    }
    claims
}

/// What the account is called in tokens: its principal name, or its old one.
pub(super) fn name_id(directory: &Directory, entry: &Entry) -> Option<String> {
    entry.text("userPrincipalName").map(str::to_owned).or_else(|| windows_account(directory, entry))
}

/// `ACME\jdoe`
fn windows_account(directory: &Directory, entry: &Entry) -> Option<String> {
    Some(format!("{}\\{}", directory.domain()?.netbios, entry.text("sAMAccountName")?))
}

fn claim(uri: &str, values: impl IntoIterator<Item = String>) -> Attribute {
    let values = values.into_iter().map(|text| Value { text, kind: Kind::Untyped }).collect();
    Attribute { name: uri.to_owned(), values, ..Attribute::default() }
}
