//! What Apple says of a person: in the ID token, and once in the form. Source: spec/upstreams.md §5.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::keys::digest;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::apple::scopes;
use crate::upstreams::grants::Consent;
use crate::upstreams::handle::Base;

/// How long an ID token is valid, in seconds.
const ID_TOKEN_SECONDS: i64 = 86_400;

/// Where the addresses of "Hide My Email" are.
const RELAY: &str = "privaterelay.appleid.com";

/// Attributes of an account that ID tokens have as they are.
const AS_THEY_ARE: [&str; 2] = ["real_user_status", "transfer_sub"];

/// Whom a token is for, and what it comes together with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made<'a> {
    pub(super) client_id: &'a str,
    pub(super) access_token: Option<&'a str>,
    pub(super) code: Option<&'a str>,
    pub(super) nonce: Option<&'a str>,
    pub(super) auth_time: Timestamp,
}

/// The claims of an ID token. A name is never among them.
pub(super) fn id_token(
    base: &Base,
    (account, consent): (&Account, &Consent),
    made: Made<'_>,
    now: Timestamp,
) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            claims.insert(name.to_owned(), value);
        }
    };
    put("iss", Some(base.0.as_str().into()));
    put("aud", Some(made.client_id.into()));
    put("exp", Some(now.plus_seconds(ID_TOKEN_SECONDS).seconds().into()));
    put("iat", Some(now.seconds().into()));
    put("sub", Some(account.id.as_str().into()));
    put("nonce", made.nonce.map(Value::from));
    put("at_hash", made.access_token.map(|token| digest::left_half_hash(token).into()));
    put("c_hash", made.code.map(|code| digest::left_half_hash(code).into()));
    if let Some((email, is_private)) = email(account, consent, made.client_id) {
        put("email", Some(email.into()));
        put("email_verified", Some(account.attributes.get("email_verified").cloned().unwrap_or(Value::Bool(true))));
        put("is_private_email", is_private.then(|| flag(account)));
    }
    for name in AS_THEY_ARE {
        put(name, account.attributes.get(name).cloned());
    }
    put("auth_time", Some(made.auth_time.seconds().into()));
    put("nonce_supported", Some(true.into()));
    claims
}

/// The `user` of a first authorization; `None` when there is nothing to tell.
pub(super) fn user(account: &Account, consent: &Consent, client_id: &str) -> Option<String> {
    let mut user = Map::new();
    if let Some((first, last)) = consent.name.as_ref().filter(|(first, last)| !first.is_empty() || !last.is_empty()) {
        user.insert("name".to_owned(), json!({ "firstName": first, "lastName": last }));
    }
    if let Some((email, _)) = email(account, consent, client_id) {
        user.insert("email".to_owned(), email.into());
    }
    (!user.is_empty()).then(|| Value::from(user).to_string())
}

/// The address that the app is told, and whether it is one of Apple's: only when it asked for one at first.
fn email(account: &Account, consent: &Consent, client_id: &str) -> Option<(String, bool)> {
    let own = account.email()?;
    if consent.declined.contains(scopes::EMAIL) {
        return Some((relay(account, client_id), true));
    }
    let is_private = account.attributes.get("is_private_email").is_some_and(|flag| *flag == true || flag == "true");
    consent.granted.contains(scopes::EMAIL).then(|| (own.to_owned(), is_private))
}

/// The address that forwards to the person's own: the account's `private_email`, else one that is the app's own.
fn relay(account: &Account, client_id: &str) -> String {
    let made_up = || {
        let hash = digest::hex(&digest::sha256(format!("{client_id} {}", account.id).as_bytes()));
        format!("{}@{RELAY}", hash.chars().take(10).collect::<String>())
    };
    account.text("private_email").map_or_else(made_up, str::to_owned)
}

/// True as the account words it: Apple sends booleans, and sometimes texts.
fn flag(account: &Account) -> Value {
    let as_text = account.attributes.get("email_verified").is_some_and(Value::is_string);
    if as_text { "true".into() } else { true.into() }
}
