//! What LinkedIn says of a person by OpenID Connect, by the scopes that were given. Source: spec/upstreams.md §3.

use serde_json::Map;
use serde_json::Value;

use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::grants::Grant;
use crate::upstreams::handle::Base;
use crate::upstreams::linkedin::account;
use crate::upstreams::linkedin::scopes;

/// How long an ID token is valid, in seconds.
const ID_TOKEN_SECONDS: i64 = 3600;

const OF_PROFILE: [&str; 4] = ["name", "given_name", "family_name", "locale"];

const OF_EMAIL: [&str; 2] = ["email", "email_verified"];

/// The person as `/v2/userinfo` shows them. `sub` is the same for every app, where LinkedIn has one for each.
pub(super) fn userinfo(base: &Base, account: &Account, grant: &Grant) -> Map<String, Value> {
    let mut person = Map::new();
    person.insert("sub".to_owned(), account.id.as_str().into());
    let mut put = |names: &[&str]| {
        let own = names.iter().filter_map(|name| account.attributes.get_key_value(*name));
        person.extend(own.map(|(name, value)| (name.clone(), value.clone())));
    };
    if grant.has(scopes::PROFILE) {
        put(&OF_PROFILE);
    }
    if grant.has(scopes::EMAIL) && account.email().is_some() {
        put(&OF_EMAIL);
    }
    if let Some(picture) = picture(base, account).filter(|_| grant.has(scopes::PROFILE)) {
        person.insert("picture".to_owned(), picture.into());
    }
    person
}

/// The claims of an ID token: the locale is one text in it, and a nonce never is.
pub(super) fn id_token(base: &Base, account: &Account, grant: &Grant, now: Timestamp) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", base.url("/oauth").into());
    put("aud", grant.client_id.as_str().into());
    put("iat", now.seconds().into());
    put("exp", now.plus_seconds(ID_TOKEN_SECONDS).seconds().into());
    claims.extend(userinfo(base, account, grant));
    if let (Some(locale), Some(text)) = (claims.get_mut("locale"), account::locale(account)) {
        *locale = text.into();
    }
    claims
}

/// The account's picture: its own, none (`null`), or one that is made up.
pub(super) fn picture(base: &Base, account: &Account) -> Option<String> {
    match account.attributes.get("picture") {
        Some(own) => own.as_str().map(str::to_owned),
        None => Some(base.url_at("media.licdn.com", &format!("/dms/image/{}", account.id))),
    }
}
