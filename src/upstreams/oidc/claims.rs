//! What an ID token says. Source: OpenID Connect Core §2 and §3.3.2.11.

use serde_json::Map;
use serde_json::Value;

use crate::keys::digest;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::grants::Grant;
use crate::upstreams::handle::Base;
use crate::upstreams::oidc::scopes;

/// How long an ID token is valid, in seconds.
const ID_TOKEN_SECONDS: i64 = 3600;

/// What the token comes together with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beside<'a> {
    pub(super) access_token: Option<&'a str>,
    pub(super) code: Option<&'a str>,
    pub(super) nonce: Option<&'a str>,
}

/// The claims of an ID token: those of the account, and those of the protocol over them.
pub(super) fn id_token(
    base: &Base,
    (account, grant): (&Account, &Grant),
    beside: Beside<'_>,
    now: Timestamp,
) -> Map<String, Value> {
    let mut claims = scopes::visible(account, grant);
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            claims.insert(name.to_owned(), value);
        }
    };
    put("iss", Some(base.0.as_str().into()));
    put("aud", Some(grant.client_id.as_str().into()));
    put("sub", Some(account.id.as_str().into()));
    put("iat", Some(now.seconds().into()));
    put("exp", Some(now.plus_seconds(ID_TOKEN_SECONDS).seconds().into()));
    put("at_hash", beside.access_token.map(|token| digest::left_half_hash(token).into()));
    put("c_hash", beside.code.map(|code| digest::left_half_hash(code).into()));
    put("nonce", beside.nonce.map(Value::from));
    claims
}
