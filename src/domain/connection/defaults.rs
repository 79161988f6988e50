//! What the API sets on a connection that was given without it. Source: recorded answers, spec/management-api.md §9.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::connection::scopes;
use crate::domain::strategy::Kind;
use crate::domain::strategy::Strategy;

/// Adds to a new connection's settings, in the API's form, what the API adds when it is created.
pub(crate) fn complete(settings: &mut Map<String, Value>, strategy: Strategy) {
    let name = settings.get("name").cloned().unwrap_or_default();
    let mut defaults = json!({
        "options": {},
        "enabled_clients": [],
        "realms": [name],
        "is_domain_connection": false,
        "authentication": { "active": true },
        "connected_accounts": { "active": false },
    });
    if strategy.kind() == Kind::Enterprise {
        fill(&mut defaults, &json!({ "show_as_button": false }));
    }
    if matches!(strategy.as_str(), "oidc" | "okta" | "waad") {
        fill(&mut defaults, &json!({ "display_name": name }));
    }
    fill_object(settings, &defaults);
    if let Some(Value::Object(options)) = settings.get_mut("options") {
        fill_object(options, &at_creation(strategy, options));
        complete_options(options, strategy);
    }
}

/// Adds what the API adds to options whenever they are written: at creation, and when they are replaced.
pub(crate) fn complete_options(options: &mut Map<String, Value>, strategy: Strategy) {
    fill_object(options, &at_each_write(strategy, options));
    scopes::derive(options, strategy);
}

/// Options that only a creation adds: an update replaces the object, and these are gone.
fn at_creation(strategy: Strategy, options: &Map<String, Value>) -> Value {
    match strategy.as_str() {
        "auth0" if options.contains_key("password_options") => {
            json!({ "mfa": { "active": true, "return_enroll_settings": true }, "strategy_version": 2 })
        }
        "auth0" => json!({
            "mfa": { "active": true, "return_enroll_settings": true }, "passwordPolicy": "good", "strategy_version": 2,
        }),
        "samlp" => json!({
            "assertion_decryption_settings": { "algorithm_profile": "v2026-1", "algorithm_exceptions": [] },
        }),
        "email" | "sms" | "ad" => json!({ "brute_force_protection": true }),
        _ => json!({}),
    }
}

fn at_each_write(strategy: Strategy, options: &Map<String, Value>) -> Value {
    match strategy.as_str() {
        "auth0" => database(options),
        "ad" => json!({ "ips": null }),
        "adfs" => json!({
            "thumbprints": [], "should_trust_email_verified_connection": "always_set_emails_as_verified",
        }),
        "google-oauth2" => json!({ "email": true, "profile": true }),
        "google-apps" => json!({
            "email": true, "profile": true, "handle_login_from_social": true, "map_user_id_to_id": false,
        }),
        "linkedin" | "line" | "wordpress" => json!({ "profile": true }),
        "windowslive" => json!({ "signin": true }),
        "oidc" => json!({
            "type": "front_channel", "schema_version": "oidc-V4", "connection_settings": { "pkce": "auto" },
            "attribute_map": { "mapping_mode": "bind_all" },
        }),
        "okta" => json!({
            "type": "back_channel", "schema_version": "oidc-V4", "connection_settings": { "pkce": "auto" },
            "attribute_map": { "mapping_mode": "basic_profile" },
        }),
        "waad" => json!({
            "identity_api": "microsoft-identity-platform-v2.0", "waad_protocol": "openid-connect", "use_wsfed": false,
            "useCommonEndpoint": false, "waad_common_endpoint": false,
            "should_trust_email_verified_connection": "never_set_emails_as_verified",
        }),
        _ => json!({}),
    }
}

/// What belongs to password, passkey and attributes, where they are given in part.
fn database(options: &Map<String, Value>) -> Value {
    let mut defaults = json!({
        "authentication_methods": {
            "password": { "enabled": true, "api_behavior": "required", "signup_behavior": "allow" },
            "passkey": { "enabled": false },
        },
        "passkey_options": {
            "challenge_ui": "both", "progressive_enrollment_enabled": true, "local_enrollment_enabled": true,
        },
        "brute_force_protection": true,
    });
    if options.contains_key("attributes") {
        let one_time = json!({ "email_otp": { "enabled": false }, "phone_otp": { "enabled": false } });
        fill(&mut defaults, &json!({ "authentication_methods": one_time }));
    }
    if options.get("attributes").is_some_and(|attributes| attributes.get("email").is_some()) {
        let email = json!({ "verification_method": "link", "unique": true });
        fill(&mut defaults, &json!({ "attributes": { "email": email } }));
    }
    if options.contains_key("password_options") {
        fill(&mut defaults, &json!({ "password_options": password_options() }));
    }
    defaults
}

fn password_options() -> Value {
    json!({
        "complexity": {
            "character_type_rule": "all", "identical_characters": "allow", "sequential_characters": "allow",
            "max_length_exceeded": "error", "min_length": 15, "character_types": [],
        },
        "profile_data": {
            "active": false,
            "blocked_fields": [
                "name", "username", "nickname", "email", "phone_number", "user_metadata.name", "user_metadata.first",
                "user_metadata.last",
            ],
        },
        "history": { "active": false, "size": 3 },
        "dictionary": { "active": false, "custom": [], "default": "en_100k" },
    })
}

fn fill_object(given: &mut Map<String, Value>, defaults: &Value) {
    for (name, default) in defaults.as_object().into_iter().flatten() {
        match given.get_mut(name) {
            Some(value) => fill(value, default),
            None => {
                given.insert(name.clone(), default.clone());
            }
        }
    }
}

/// Adds to an object what it lacks, at every depth; any other value stays as it is.
fn fill(given: &mut Value, defaults: &Value) {
    if let Value::Object(members) = given {
        fill_object(members, defaults);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: Value, place: &str, expected: Option<Value>) {
        let strategy = Strategy::of(given["strategy"].as_str().unwrap()).unwrap();
        let Value::Object(mut settings) = given else { panic!("not an object") };
        complete(&mut settings, strategy);
        assert_eq!(Value::Object(settings).pointer(place), expected.as_ref(), "{place}");
    }

    #[test]
    fn a_new_connection_is_complete() {
        let database = || json!({ "name": "db", "strategy": "auth0" });
        check(database(), "/realms", Some(json!(["db"])));
        check(database(), "/options/passwordPolicy", Some(json!("good")));
        check(database(), "/show_as_button", None);
        let oidc = || json!({ "name": "o", "strategy": "oidc", "options": { "attribute_map": { "mapping_mode": "use_map" } } });
        check(oidc(), "/display_name", Some(json!("o")));
        check(oidc(), "/options/attribute_map/mapping_mode", Some(json!("use_map")));
        check(oidc(), "/show_as_button", Some(json!(false)));
    }

    #[test]
    fn what_is_given_in_part_is_completed_in_depth() {
        let methods = json!({ "password": { "enabled": false } });
        let given = json!({ "strategy": "auth0", "options": { "authentication_methods": methods } });
        check(given.clone(), "/options/authentication_methods/password/enabled", Some(json!(false)));
        check(given.clone(), "/options/authentication_methods/password/api_behavior", Some(json!("required")));
        check(given, "/options/authentication_methods/passkey/enabled", Some(json!(false)));
    }

    #[test]
    fn replaced_options_get_less_than_new_ones() {
        let mut options = Map::new();
        complete_options(&mut options, Strategy::AUTH0);
        assert!(options.contains_key("authentication_methods") && !options.contains_key("passwordPolicy"));
    }
}
