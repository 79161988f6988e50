//! What Google says of a person, by the scopes that were given. Source: spec/upstreams.md §1, spec/profile.md §6.1.

use serde_json::Map;
use serde_json::Value;

use crate::keys::digest;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::google::scopes;
use crate::upstreams::grants::Grant;
use crate::upstreams::handle::Base;

/// How long an ID token is valid, in seconds.
const ID_TOKEN_SECONDS: i64 = 3600;

/// What the scope `profile` adds to an ID token.
const IN_ID_TOKENS: [&str; 5] = ["name", "picture", "given_name", "family_name", "locale"];

/// What is not given with the scope `profile`.
const NOT_OF_PROFILE: [&str; 4] = ["sub", "email", "email_verified", "hd"];

/// The person as `/v1/userinfo` shows them: everything that the account has and the scopes allow.
pub(super) fn userinfo(base: &Base, account: &Account, grant: &Grant) -> Map<String, Value> {
    let mut person = Map::new();
    person.insert("sub".to_owned(), account.id.as_str().into());
    if grant.has(scopes::PROFILE) {
        let known = |name: &str| NOT_OF_PROFILE.contains(&name);
        person.extend(account.attributes.iter().filter(|(name, _)| !known(name)).map(owned));
        person.entry("picture").or_insert_with(|| picture(base, account).into());
        person.retain(|_, value| !value.is_null());
    }
    put_email(&mut person, account, grant);
    person.extend(account.attributes.get_key_value("hd").map(owned));
    person
}

/// The claims of an ID token. `nonce` only where the app sent one; a refreshed token has none.
pub(super) fn id_token(
    base: &Base,
    (account, grant): (&Account, &Grant),
    (access_token, nonce): (&str, Option<&str>),
    now: Timestamp,
) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", base.0.as_str().into());
    put("azp", grant.client_id.as_str().into());
    put("aud", grant.client_id.as_str().into());
    put("sub", account.id.as_str().into());
    if let Some(domain) = account.text("hd") {
        put("hd", domain.into());
    }
    put("at_hash", digest::left_half_hash(access_token).into());
    if let Some(nonce) = nonce {
        put("nonce", nonce.into());
    }
    put("iat", now.seconds().into());
    put("exp", now.plus_seconds(ID_TOKEN_SECONDS).seconds().into());
    let person = userinfo(base, account, grant);
    claims.extend(person.iter().filter(|(name, _)| IN_ID_TOKENS.contains(&name.as_str())).map(owned));
    put_email(&mut claims, account, grant);
    claims
}

fn put_email(person: &mut Map<String, Value>, account: &Account, grant: &Grant) {
    if grant.has(scopes::EMAIL) {
        let parts = ["email", "email_verified"].iter().filter_map(|name| account.attributes.get_key_value(*name));
        person.extend(parts.map(owned));
    }
}

fn picture(base: &Base, account: &Account) -> String {
    base.url_at("lh3.googleusercontent.com", &format!("/a/{}=s96-c", account.id))
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}
