//! What Microsoft says of a person in ID tokens, by the scopes that were given. Source: spec/upstreams.md §4.

use serde_json::Map;
use serde_json::Value;

use crate::keys::digest;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::grants::Grant;
use crate::upstreams::handle::Base;
use crate::upstreams::microsoft::directory::CONSUMERS;
use crate::upstreams::microsoft::directory::Version;
use crate::upstreams::microsoft::scopes;

/// How long tokens are valid, in seconds.
pub(super) const LIFETIME_SECONDS: i64 = 3600;

/// The claims of a personal account's ID token. `email_verified` is never among them.
pub(super) fn id_token(
    base: &Base,
    (account, grant): (&Account, &Grant),
    nonce: Option<&str>,
    now: Timestamp,
) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("ver", "2.0".into());
    put("iss", Version::Two.issuer(base, CONSUMERS).into());
    put("sub", subject(account, grant).into());
    put("aud", grant.client_id.as_str().into());
    put("exp", now.plus_seconds(LIFETIME_SECONDS).seconds().into());
    put("iat", now.seconds().into());
    put("nbf", now.seconds().into());
    put("tid", CONSUMERS.into());
    if let Some(nonce) = nonce {
        put("nonce", nonce.into());
    }
    if grant.has(scopes::PROFILE) {
        put("oid", format!("00000000-0000-0000-{:0>16}", account.id).into());
        account.name().map(|name| put("name", name.into()));
        account.text("userPrincipalName").map(|name| put("preferred_username", name.into()));
    }
    if let Some(email) = address(account).filter(|_| grant.has(scopes::EMAIL)) {
        put("email", email.into());
    }
    claims
}

/// What Graph's userinfo shows: six claims at most.
pub(super) fn userinfo(base: &Base, account: &Account, grant: &Grant) -> Map<String, Value> {
    let mut person = Map::new();
    person.insert("sub".to_owned(), subject(account, grant).into());
    if grant.has(scopes::PROFILE) {
        let names = [("displayName", "name"), ("givenName", "given_name"), ("surname", "family_name")];
        let names = names.into_iter().filter_map(|(own, claim)| Some((claim.to_owned(), account.text(own)?.into())));
        person.extend(names);
        let picture = base.url_at("graph.microsoft.com", "/v1.0/me/photo/$value");
        person.insert("picture".to_owned(), picture.into());
    }
    if let Some(email) = address(account).filter(|_| grant.has(scopes::EMAIL)) {
        person.insert("email".to_owned(), email.into());
    }
    person
}

fn address(account: &Account) -> Option<&str> {
    account.text("mail").or_else(|| account.email())
}

/// Another one for every app, and the same for an app every time.
pub(super) fn subject(account: &Account, grant: &Grant) -> String {
    let pair = format!("{} {}", grant.client_id, account.id);
    format!("AAAAAAAAAAAAAAAAAAAAA{}", digest::base64url(&digest::sha256(pair.as_bytes())).split_at(22).0)
}
