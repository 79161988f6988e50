//! `link_with`: an ID token proves that its holder may act for the secondary user. Source: spec/linking.md §2.
//!
//! The order of the checks is unverified. What can be told before the signature is checked is told first, so that a
//! token of another tenant, whose keys nobody here knows, is called by its name.

use serde_json::Map;
use serde_json::Value;

use crate::domain::id::UserId;
use crate::http::address::Address;
use crate::keys::Keyring;
use crate::keys::signing_key::Algorithm;
use crate::keys::verify::Jws;
use crate::keys::verify::check_times;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// Why a token proves nothing. Display is the real service's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum TokenError {
    #[error("Invalid token (link_with).")]
    Invalid,
    #[error("JWT (link_with) must have an alg of RS256.")]
    Algorithm,
    #[error("JWT (link_with) must have the same issuer as the calling user.")]
    Issuer,
    #[error("JWT (link_with) contains an invalid aud claim.")]
    Audience,
    #[error("JWT (link_with) must have an aud claim that matches that of the calling token's azp.")]
    OtherClient,
    #[error("JWT (link_with) must contains sub claim.")]
    NoSubject,
    #[error("JWT (link_with) contains an invalid sub claim.")]
    Subject,
}

impl From<TokenError> for ApiError {
    /// The code is unverified.
    fn from(error: TokenError) -> Self {
        Self::refused("invalid_token", error.to_string())
    }
}

/// Whom the token is about, if it is a good ID token of this tenant that the caller's own client was given.
///
/// # Errors
/// [`ApiError::Refused`] with the text of the first check that fails.
pub(super) async fn subject(
    tenant: &Tenant,
    keyring: &Keyring,
    address: &Address,
    caller: &Caller,
    token: &str,
) -> Result<UserId, ApiError> {
    let state = tenant.read();
    let is_own = |issuer: &str| address.is_also(issuer, |host| tenant.owns_host(host));
    check_unverified(token, is_own)?;
    let claims = keyring.verify_own(token, state.signing.published(), Algorithm::Rs256).await;
    let claims = claims.map_err(|_| TokenError::Invalid)?;
    check_times(&claims, tenant.now().seconds(), 0).map_err(|_| TokenError::Invalid)?;
    check_audience(&state, caller, &claims)?;
    Ok(subject_of(&claims)?)
}

fn check_unverified(token: &str, is_own: impl Fn(&str) -> bool) -> Result<(), TokenError> {
    let jws = Jws::parse(token).map_err(|_| TokenError::Invalid)?;
    if jws.header.get("alg").and_then(Value::as_str) != Some(Algorithm::Rs256.as_str()) {
        return Err(TokenError::Algorithm);
    }
    if jws.unverified("iss").and_then(Value::as_str).is_some_and(is_own) { Ok(()) } else { Err(TokenError::Issuer) }
}

/// The audience of an ID token is a client: an end user's the one whose token calls. A machine has no ID tokens of its
/// own, so it may bring those of any client (unverified: the documents let it send one, and say nothing of whose).
fn check_audience(state: &TenantState, caller: &Caller, claims: &Map<String, Value>) -> Result<(), TokenError> {
    let audience = claims.get("aud").and_then(Value::as_str).ok_or(TokenError::Audience)?;
    if caller.is_machine() {
        return state.client(audience).map(drop).ok_or(TokenError::Audience);
    }
    if caller.client_id() == Some(audience) { Ok(()) } else { Err(TokenError::OtherClient) }
}

fn subject_of(claims: &Map<String, Value>) -> Result<UserId, TokenError> {
    let subject = claims.get("sub").ok_or(TokenError::NoSubject)?;
    let subject = subject.as_str().map(UserId::from).filter(|subject| subject.split().is_some());
    subject.ok_or(TokenError::Subject)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::keys::digest;

    fn token(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| digest::base64url(value.to_string().as_bytes());
        format!("{}.{}.{}", part(header), part(claims), digest::base64url(b"signature"))
    }

    #[test]
    fn only_rs256_of_this_tenant_is_looked_at_more_closely() {
        let check = |token: &str, expected: Result<(), TokenError>| {
            assert_eq!(check_unverified(token, |issuer| issuer == "http://localhost:1/"), expected, "{token}");
        };
        let own = json!({ "iss": "http://localhost:1/" });
        check(&token(&json!({ "alg": "RS256" }), &own), Ok(()));
        check("garbage", Err(TokenError::Invalid));
        for alg in [json!("HS256"), json!("PS256"), json!("none"), json!(null)] {
            check(&token(&json!({ "alg": alg }), &own), Err(TokenError::Algorithm));
        }
        for issuer in [json!("http://localhost:2/"), json!(null), json!(["http://localhost:1/"])] {
            check(&token(&json!({ "alg": "RS256" }), &json!({ "iss": issuer })), Err(TokenError::Issuer));
        }
    }

    #[test]
    fn the_subject_is_a_user() {
        let check = |claims: Value, expected: Result<&str, TokenError>| {
            assert_eq!(subject_of(claims.as_object().unwrap()), expected.map(UserId::from), "{claims}");
        };
        check(json!({ "sub": "auth0|1" }), Ok("auth0|1"));
        check(json!({}), Err(TokenError::NoSubject));
        check(json!({ "sub": "acme-machine@clients" }), Err(TokenError::Subject));
        check(json!({ "sub": 1 }), Err(TokenError::Subject));
    }
}
