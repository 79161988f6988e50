//! What bodies of `/resource-servers` hold. Source: reference of the Management API.

use std::collections::BTreeSet;

use serde_json::Map;
use serde_json::Value;

use crate::management::error::ApiError;
use crate::management::schema::Call;
use crate::management::schema::Property;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;

/// An API, new or changed: its identifier never changes.
pub(super) const RESOURCE_SERVER: Shape = Shape::closed(&["identifier"], PROPERTIES);

const PROPERTIES: &[Property] = &[
    property("identifier", Kind::Text(1, 600)).only_in(Call::Create),
    property("name", Kind::Pattern("^[^<>]+$", is_name)),
    property("scopes", Kind::List(0, &Kind::Object(&SCOPE))),
    property("signing_alg", Kind::OneOf(&["HS256", "RS256", "RS512", "PS256"])),
    property("signing_secret", Kind::Text(16, usize::MAX)),
    property("allow_offline_access", Kind::Boolean),
    property("allow_online_access", Kind::Boolean),
    property("allow_online_access_with_ephemeral_sessions", Kind::Boolean),
    property("skip_consent_for_verifiable_first_party_clients", Kind::Boolean),
    property("token_lifetime", Kind::Integer(0, 2_592_000)),
    property("token_lifetime_for_web", Kind::Integer(0, 2_592_000)),
    property("enforce_policies", Kind::Boolean),
    property(
        "token_dialect",
        Kind::OneOf(&["access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"]),
    ),
    property("token_encryption", Kind::Object(&TOKEN_ENCRYPTION)).or_null(),
    property("consent_policy", Kind::OneOf(&["transactional-authorization-with-mfa"])).or_null(),
    property("authorization_details", Kind::List(0, &Kind::Free)).or_null(),
    property("authorization_policy", Kind::Free).or_null(),
    property("proof_of_possession", Kind::Object(&PROOF_OF_POSSESSION)).or_null(),
    property("subject_type_authorization", Kind::Object(&SUBJECT_TYPES)),
];

const SCOPE: Shape =
    Shape::closed(&["value"], &[property("value", Kind::Text(1, 280)), property("description", Kind::Text(0, 500))]);

const TOKEN_ENCRYPTION: Shape = Shape::closed(
    &["format", "encryption_key"],
    &[
        property("format", Kind::OneOf(&["compact-nested-jwe"])),
        property("encryption_key", Kind::Object(&ENCRYPTION_KEY)),
    ],
);

const ENCRYPTION_KEY: Shape = Shape::closed(
    &["alg", "pem"],
    &[
        property("alg", Kind::OneOf(&["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"])),
        property("pem", Kind::Text(1, 4096)),
        property("kid", Kind::Text(1, 128)),
        property("name", Kind::Text(1, 128)),
    ],
);

const PROOF_OF_POSSESSION: Shape = Shape::closed(
    &["mechanism", "required"],
    &[
        property("mechanism", Kind::OneOf(&["mtls", "dpop"])),
        property("required", Kind::Boolean),
        property("required_for", Kind::OneOf(&["public_clients", "all_clients"])),
    ],
);

const SUBJECT_TYPES: Shape = Shape::closed(
    &[],
    &[property("user", Kind::Object(&USER_POLICY)), property("client", Kind::Object(&CLIENT_POLICY))],
);

const USER_POLICY: Shape =
    Shape::open(&[], &[property("policy", Kind::OneOf(&["allow_all", "deny_all", "require_client_grant"]))]);

const CLIENT_POLICY: Shape =
    Shape::open(&[], &[property("policy", Kind::OneOf(&["deny_all", "require_client_grant"]))]);

fn is_name(name: &str) -> bool {
    (1..=200).contains(&name.chars().count()) && !name.contains(['<', '>'])
}

/// Scopes are words, each there once (the texts are unverified).
///
/// # Errors
/// [`ApiError::InvalidProperty`].
pub(super) fn check_scopes(settings: &Map<String, Value>) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    let scopes = settings.get("scopes").and_then(Value::as_array);
    for (place, scope) in scopes.into_iter().flatten().enumerate() {
        let value = scope.get("value").and_then(Value::as_str).unwrap_or_default();
        let problem = if value.contains(char::is_whitespace) {
            format!("Object didn't pass validation for format scope: {value}")
        } else if seen.insert(value) {
            continue;
        } else {
            format!("Scope {value} is there more than once")
        };
        return Err(ApiError::InvalidProperty { problem, property: format!("scopes[{place}].value") });
    }
    Ok(())
}
