//! What bodies of `/users/{id}/authentication-methods` hold. Source: reference of the Management API.

use serde_json::Map;
use serde_json::Value;

use crate::management::error::ApiError;
use crate::management::formats::SOME;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;

const WAYS: Kind = Kind::OneOf(&["voice", "sms"]);

/// A new method.
pub(super) const NEW: Shape = Shape::closed(
    &["type"],
    &[
        property("type", Kind::OneOf(&["phone", "email", "totp", "webauthn-roaming", "passkey"])),
        property("name", Kind::Text(0, 255)),
        property("email", SOME),
        property("phone_number", Kind::Text(2, 30)),
        property("preferred_authentication_method", WAYS),
        property("totp_secret", SOME),
        property("key_id", SOME),
        property("public_key", SOME),
        property("relying_party_identifier", SOME),
        property("aaguid", SOME),
        property("credential_backed_up", Kind::Boolean),
        property("credential_device_type", Kind::OneOf(&["single_device", "multi_device"])),
        property("identity_user_id", SOME),
        property("transports", Kind::List(0, &SOME)),
        property("user_agent", SOME),
        property("user_handle", SOME),
    ],
);

/// All methods that a user is to have.
pub(super) const SET: Kind = Kind::List(0, &Kind::Object(&SET_ITEM));

const SET_ITEM: Shape = Shape::closed(
    &["type"],
    &[
        property("type", Kind::OneOf(&["phone", "email", "totp"])),
        property("name", Kind::Text(1, 20)),
        property("email", SOME),
        property("phone_number", Kind::Text(2, 30)),
        property("preferred_authentication_method", WAYS),
        property("totp_secret", SOME),
    ],
);

pub(super) const CHANGE: Shape =
    Shape::closed(&[], &[property("name", Kind::Text(0, 255)), property("preferred_authentication_method", WAYS)]);

/// Refuses a method without what methods of its kind are for.
///
/// # Errors
/// [`ApiError::InvalidBody`] (its words for this are unverified).
pub(super) fn check_complete(method: &Map<String, Value>) -> Result<(), ApiError> {
    let needed = match method.get("type").and_then(Value::as_str) {
        Some("email") => "email",
        Some("phone") => "phone_number",
        Some("totp") => "totp_secret",
        _ => "key_id",
    };
    let missing = || ApiError::InvalidBody(format!("Missing required property: {needed}"));
    method.get(needed).map(drop).ok_or_else(missing)
}
