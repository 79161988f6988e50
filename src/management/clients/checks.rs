//! Rules about clients that no schema states.

use serde_json::Map;
use serde_json::Value;

use crate::domain::client::Client;
use crate::management::error::ApiError;

/// What a client proves itself with beside its secret: none of it is built.
const NOT_BUILT: &[&str] = &["client_authentication_methods", "signed_request_object", "token_vault_privileged_access"];

/// Refuses what this server could only pretend to keep to.
///
/// # Errors
/// [`ApiError::NotBuilt`].
pub(super) fn check_built(settings: &Map<String, Value>) -> Result<(), ApiError> {
    let asked = NOT_BUILT.iter().find(|name| settings.get(**name).is_some_and(|value| !value.is_null()));
    asked.map_or(Ok(()), |name| Err(ApiError::NotBuilt(format!("{name} of a client"))))
}

/// Rules across the settings of refresh tokens. Their words are our own (unverified). Source: spec/tokens.md §6.
///
/// # Errors
/// [`ApiError::Refused`].
pub(super) fn check(client: &Client) -> Result<(), ApiError> {
    let refresh_token = &client.refresh_token;
    let refuse = |message: &'static str| Err(ApiError::refused("invalid_body", message));
    if refresh_token.rotates() && refresh_token.expiration_type != "expiring" {
        return refuse("refresh_token.expiration_type must be expiring when refresh_token.rotation_type is rotating");
    }
    let is_limited = !refresh_token.infinite_token_lifetime && !refresh_token.infinite_idle_token_lifetime;
    if refresh_token.expiration_type == "expiring"
        && is_limited
        && refresh_token.idle_token_lifetime > refresh_token.token_lifetime
    {
        return refuse("refresh_token.idle_token_lifetime must not be greater than refresh_token.token_lifetime");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tokens_that_rotate_expire_and_idle_no_longer_than_they_live() {
        let check = |refresh_token: Value, expected: bool| {
            let client = json!({ "client_id": "a", "refresh_token": refresh_token });
            let client: Client = serde_json::from_value(client).unwrap();
            assert_eq!(check(&client).is_ok(), expected, "{client:?}");
        };
        check(json!({}), true);
        check(json!({ "rotation_type": "rotating", "expiration_type": "expiring" }), true);
        check(json!({ "rotation_type": "rotating", "expiration_type": "non-expiring" }), false);
        let lifetimes = |infinite: bool| {
            json!({
                "expiration_type": "expiring", "token_lifetime": 10, "idle_token_lifetime": 20,
                "infinite_token_lifetime": infinite, "infinite_idle_token_lifetime": false,
            })
        };
        check(lifetimes(false), false);
        check(lifetimes(true), true);
    }
}
