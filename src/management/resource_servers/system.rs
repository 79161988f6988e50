//! APIs of the service's own that a tenant gets by creating them under their names: their settings are fixed, and all
//! that is known of them. Source: recorded answers.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

const EXPRESS_CONFIGURATION: &str = "urn:auth0:express-configure";

/// Where in an issuer's address space people's own account is.
const MY_ACCOUNT_PATH: &str = "me/";

/// What an API of this identifier is whatever its maker says; nothing for an API that is no own one of the service.
pub(super) fn settings(identifier: &str, is_own: impl Fn(&str) -> bool) -> Map<String, Value> {
    let settings = if identifier == EXPRESS_CONFIGURATION {
        express_configuration()
    } else if identifier.strip_suffix(MY_ACCOUNT_PATH).is_some_and(is_own) {
        my_account()
    } else {
        Value::Null
    };
    settings.as_object().cloned().unwrap_or_default()
}

fn express_configuration() -> Value {
    json!({
        "name": "Okta OIN Express Configuration API",
        "is_system": true,
        "enforce_policies": true,
        "signing_alg": "RS256",
        "token_lifetime": 300,
        "token_lifetime_for_web": 7200,
        "scopes": [
            { "value": "express_configure:sso", "description": "Ability to create SSO configurations" },
            { "value": "express_configure:scim", "description": "Ability to create scim configurations" },
        ],
        "subject_type_authorization": { "user": { "policy": "allow_all" }, "client": { "policy": "deny_all" } },
    })
}

fn my_account() -> Value {
    json!({
        "name": "Auth0 My Account API",
        "is_system": true,
        "allow_offline_access": true,
        "skip_consent_for_verifiable_first_party_clients": true,
        "signing_alg": "RS256",
        "token_lifetime": 600,
        "token_lifetime_for_web": 600,
        "proof_of_possession": { "mechanism": "dpop", "required": false },
        "scopes": [
            { "value": "create:me:connected_accounts", "description": "Create Connected Accounts" },
            { "value": "read:me:connected_accounts", "description": "Read Connected Accounts" },
            { "value": "delete:me:connected_accounts", "description": "Delete Connected Accounts" },
        ],
        "subject_type_authorization": {
            "user": { "policy": "require_client_grant" },
            "client": { "policy": "deny_all" },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_services_own_names_have_fixed_settings() {
        let name =
            |identifier: &str| settings(identifier, |issuer| issuer == "https://own.example/").get("name").cloned();
        assert_eq!(name("urn:auth0:express-configure"), Some(json!("Okta OIN Express Configuration API")));
        assert_eq!(name("https://own.example/me/"), Some(json!("Auth0 My Account API")));
        assert_eq!((name("https://other.example/me/"), name("urn:auth0:other")), (None, None));
    }
}
