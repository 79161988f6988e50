//! People of the directory as Microsoft Graph words them, and whether they may come in.
//! Source: spec/upstreams.md §4, spec/profile.md §6.5, spec/enterprise.md §2.9.

use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::keys::digest;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::active_directory::account::flag;
use crate::upstreams::active_directory::account::sub_code;
use crate::upstreams::active_directory::directory::Directory;
use crate::upstreams::active_directory::entry::Entry;
use crate::upstreams::active_directory::refusal::Refusal;
use crate::upstreams::active_directory::view::own_sid;
use crate::upstreams::microsoft::error::SignInError;
use crate::upstreams::microsoft::organization::Organization;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;
use crate::upstreams::state::hash_of;

/// What Graph calls an attribute of the directory.
const TEXTS: &[(&str, &str)] = &[
    ("givenName", "givenName"),
    ("surname", "sn"),
    ("mail", "mail"),
    ("jobTitle", "title"),
    ("mobilePhone", "mobile"),
    ("officeLocation", "physicalDeliveryOfficeName"),
    ("preferredLanguage", "preferredLanguage"),
    ("department", "department"),
    ("companyName", "company"),
    ("employeeId", "employeeID"),
    ("city", "l"),
    ("state", "st"),
    ("country", "co"),
    ("usageLocation", "c"),
    ("postalCode", "postalCode"),
    ("streetAddress", "streetAddress"),
    ("faxNumber", "facsimileTelephoneNumber"),
    ("mailNickname", "mailNickname"),
    ("onPremisesSamAccountName", "sAMAccountName"),
];

/// The person with this id of the organization, whether they may come in or not.
pub(in crate::upstreams::microsoft) fn with_id(state: &UpstreamState, id: &str) -> Option<Account> {
    let organization = Organization::of(state)?;
    let entry = state.directory.only("objectGUID", &organization.guid_of(id)?)?;
    account(state, &organization, entry)
}

/// The person whose name somebody typed: the principal name, or the address as the alternate one.
pub(in crate::upstreams::microsoft) fn called(state: &UpstreamState, typed: &str) -> Option<Account> {
    account(state, &Organization::of(state)?, entry(&state.directory, typed)?)
}

/// The person signed in at a browser who may be taken without asking: the one that `hint` names, or the only one.
pub(super) fn signed_in(
    state: &UpstreamState,
    (browser, hint): (&str, Option<&str>),
    now: Timestamp,
) -> Option<Account> {
    let known = state.of(Provider::Microsoft).browsers.get(&hash_of(browser))?;
    let mut fitting = known.accounts.iter().filter_map(|id| with_id(state, id));
    let found = match hint {
        Some(hint) => fitting.find(|account| account.is_called(hint)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    };
    found.filter(|account| refusal(state, &account.id, now).is_none())
}

/// Why somebody of the organization may not go on, though they came in once.
pub(in crate::upstreams::microsoft) fn refusal(state: &UpstreamState, id: &str, now: Timestamp) -> Option<SignInError> {
    let guid = Organization::of(state)?.guid_of(id)?;
    let entry = state.directory.only("objectGUID", &guid)?;
    state.directory.obstacle(entry, now).map(of_sub_code)
}

/// Who this is, if it is their password: asked as a client of the directory asks, which notes wrong ones and locks.
///
/// # Errors
/// [`SignInError::UnknownUser`] and the other refusals of people; what was noted of the failure is to be kept.
pub(super) fn authenticate(
    state: &mut UpstreamState,
    (typed, password): (&str, &str),
    now: Timestamp,
) -> Result<Account, SignInError> {
    let unknown = || SignInError::UnknownUser;
    let organization = Organization::of(state).ok_or_else(unknown)?;
    let found = Arc::clone(entry(&state.directory, typed).ok_or_else(unknown)?);
    let person = account(state, &organization, &found).ok_or_else(unknown)?;
    // By its identifier: a name can be read in several ways.
    let guid = found.values("objectGUID").first().map(|guid| digest::hex(guid)).unwrap_or_default();
    match state.directory.authenticate(&format!("<GUID={guid}>"), password.as_bytes(), now) {
        Ok(_) => Ok(person),
        Err(Refusal::Credentials(code)) => Err(of_sub_code(code)),
        Err(_) => Err(SignInError::WrongPassword),
    }
}

/// Expiry of accounts is not synchronized: whoever expired is refused as if disabled (unverified).
fn of_sub_code(code: u32) -> SignInError {
    match code {
        sub_code::LOCKED => SignInError::Locked,
        sub_code::DISABLED | sub_code::ACCOUNT_EXPIRED => SignInError::Disabled,
        sub_code::PASSWORD_EXPIRED | sub_code::MUST_CHANGE => SignInError::PasswordExpired,
        _ => SignInError::WrongPassword,
    }
}

fn entry<'a>(directory: &'a Directory, typed: &str) -> Option<&'a Arc<Entry>> {
    let typed = typed.trim();
    if !typed.contains('@') || typed.contains(['\\', '=', '<']) {
        return None; // Other forms of a name are the directory's own business.
    }
    let found = directory.account(typed).or_else(|| directory.named("mail", typed));
    found.filter(|entry| is_person(entry))
}

/// Computers are users to the directory, and what every domain has isn't synchronized.
fn is_person(entry: &Entry) -> bool {
    entry.is_a("user") && !entry.is_a("computer") && !entry.is_standard()
}

fn account(state: &UpstreamState, organization: &Organization, entry: &Entry) -> Option<Account> {
    let guid = entry.values("objectGUID").first().filter(|_| is_person(entry))?;
    let domain = state.directory.domain()?;
    let id = organization.object_id(guid);
    let mut attributes = Map::new();
    let mut put = |name: &str, value: Value| attributes.insert(name.to_owned(), value);
    let short = entry.text("sAMAccountName").unwrap_or_default();
    let name = entry.text("displayName").or_else(|| entry.text("cn")).unwrap_or(short);
    let principal = entry.text("userPrincipalName").map(str::to_owned);
    put("id", id.as_str().into());
    put("displayName", name.into());
    put("userPrincipalName", principal.unwrap_or_else(|| format!("{short}@{}", domain.dns)).into());
    for (own, theirs) in TEXTS {
        if let Some(text) = entry.text(theirs) {
            put(own, text.into());
        }
    }
    put("businessPhones", entry.text("telephoneNumber").into_iter().collect());
    let addresses = entry.values("proxyAddresses").iter();
    put("proxyAddresses", addresses.map(|address| String::from_utf8_lossy(address).into_owned()).collect());
    let control = entry.number("userAccountControl").unwrap_or(flag::NORMAL);
    put("accountEnabled", (control & flag::DISABLED == 0).into());
    put("userType", "Member".into());
    put("onPremisesSyncEnabled", true.into());
    put("onPremisesImmutableId", digest::base64(guid).into());
    put("onPremisesDistinguishedName", entry.dn.as_ref().into());
    put("onPremisesDomainName", domain.dns.as_str().into());
    put("onPremisesSecurityIdentifier", own_sid(entry).map(|sid| sid.to_string()).into());
    for licences in ["assignedLicenses", "assignedPlans", "provisionedPlans"] {
        put(licences, json!([]));
    }
    Some(Account { provider: Provider::Microsoft, id, attributes, grants: None, position: 0 })
}
