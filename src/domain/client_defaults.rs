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
        "express_configuration" => &["authorization_code", "client_credentials"],
        _ => CONFIDENTIAL,
    };
    add(settings, "grant_types", grant_types.into());
    let is_third_party = settings.get("is_first_party") == Some(&Value::Bool(false));
    let is_new_kind = matches!(app_type.as_str(), "resource_server" | "express_configuration");
    // Recorded of every other kind: false, also where it is left out of what a new application sends.
    add(settings, "oidc_conformant", (is_new_kind || is_third_party).into());
    if is_new_kind || is_third_party {
        let configuration = settings.entry("jwt_configuration").or_insert_with(|| Map::new().into());
        if let Value::Object(configuration) = configuration {
            add(configuration, "alg", "RS256".into());
        }
    }
    for (name, value) in FLAGS {
        add(settings, name, (*value).into());
    }
    complete_refresh_token(settings);
}

/// Adds what belongs to a refresh token's settings when they are given in part.
pub(crate) fn complete_refresh_token(settings: &mut Map<String, Value>) {
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
        check(json!({ "app_type": "spa" }), "oidc_conformant", json!(false));
        check(json!({ "app_type": "resource_server" }), "oidc_conformant", json!(true));
        check(json!({ "is_first_party": false }), "oidc_conformant", json!(true));
        check(json!({ "is_first_party": false }), "jwt_configuration", json!({ "alg": "RS256" }));
    }

    #[test]
    fn what_was_given_stays() {
        check(json!({ "app_type": "spa", "grant_types": ["implicit"] }), "grant_types", json!(["implicit"]));
        check(json!({ "custom_login_page_on": false }), "custom_login_page_on", json!(false));
    }
}
