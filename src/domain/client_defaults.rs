//! What the API sets on a client that was given without it. Source: spec/management-api.md §10, spec/tokens.md §6.

use serde_json::Map;
use serde_json::Value;

/// The grant types of a client that can keep a secret, or that says nothing of itself.
const CONFIDENTIAL: &[&str] = &["authorization_code", "implicit", "refresh_token", "client_credentials"];
/// Those of one that can't.
const PUBLIC: &[&str] = &["authorization_code", "implicit", "refresh_token"];

/// Settings that are shown although nobody set them.
const FLAGS: &[(&str, bool)] = &[
    ("is_first_party", true),
    ("is_token_endpoint_ip_header_trusted", false),
    ("sso_disabled", false),
    ("cross_origin_authentication", false),
    ("custom_login_page_on", true),
];

/// Adds to a client's settings, in the API's form, what the API would add when it is created.
pub(crate) fn complete(settings: &mut Map<String, Value>) {
    let app_type = settings.get("app_type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let grant_types = match app_type.as_str() {
        "spa" | "native" => {
            add(settings, "token_endpoint_auth_method", "none".into());
            PUBLIC
        }
        "resource_server" => &[],
        _ => CONFIDENTIAL,
    };
    add(settings, "grant_types", grant_types.into());
    add(settings, "oidc_conformant", (app_type != "sso_integration").into());
    for (name, value) in FLAGS {
        add(settings, name, (*value).into());
    }
    if let Some(Value::Object(refresh_token)) = settings.get_mut("refresh_token")
        && refresh_token.get("expiration_type").and_then(Value::as_str) == Some("expiring")
    {
        add(refresh_token, "infinite_token_lifetime", false.into());
        add(refresh_token, "infinite_idle_token_lifetime", false.into());
    }
}

fn add(settings: &mut Map<String, Value>, name: &str, value: Value) {
    settings.entry(name).or_insert(value);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(given: Value, name: &str, expected: Value) {
        let Value::Object(mut settings) = given else { panic!("not an object") };
        complete(&mut settings);
        assert_eq!(settings.get(name), Some(&expected), "{name}");
    }

    #[test]
    fn what_is_missing_depends_on_the_kind_of_application() {
        check(json!({}), "grant_types", json!(CONFIDENTIAL));
        check(json!({ "app_type": "spa" }), "grant_types", json!(PUBLIC));
        check(json!({ "app_type": "native" }), "token_endpoint_auth_method", json!("none"));
        check(json!({ "app_type": "resource_server" }), "grant_types", json!([]));
        check(json!({ "app_type": "sso_integration" }), "oidc_conformant", json!(false));
    }

    #[test]
    fn what_was_given_stays() {
        check(json!({ "app_type": "spa", "grant_types": ["implicit"] }), "grant_types", json!(["implicit"]));
        check(json!({ "custom_login_page_on": false }), "custom_login_page_on", json!(false));
    }
}
