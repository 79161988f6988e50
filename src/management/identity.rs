//! `identity` in a body: one of a user's identities, where the main one is not meant. Source: spec/management-api.md §7.

use serde_json::Map;
use serde_json::Value;

use crate::domain::user::Identity;
use crate::domain::user::User;
use crate::management::error::ApiError;
use crate::management::formats::CONNECTION_ID;
use crate::management::formats::SOME;
use crate::management::schema::Shape;
use crate::management::schema::property;
use crate::store::state::TenantState;

pub(super) const IDENTITY: Shape = Shape::closed(
    &["user_id", "provider"],
    &[property("user_id", SOME), property("provider", SOME), property("connection_id", CONNECTION_ID)],
);

/// The identity that `asked` names.
///
/// # Errors
/// [`ApiError::Refused`] when the user doesn't have it, or the connection isn't there. (The codes are unverified.)
pub(super) fn find<'a>(
    state: &TenantState,
    user: &'a User,
    asked: &Map<String, Value>,
) -> Result<&'a Identity, ApiError> {
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
    let connection = match asked.get("connection_id").and_then(Value::as_str) {
        None => None,
        Some(id) => Some(
            state
                .connections
                .get(id)
                .ok_or_else(|| ApiError::refused("inexistent_connection", "Identity connection does not exist."))?,
        ),
    };
    let is_asked = |identity: &&Identity| {
        let named = identity.provider.as_str() == text("provider") && identity.user_id.to_string() == text("user_id");
        named && connection.is_none_or(|connection| connection.name == identity.connection)
    };
    let found = user.identities.iter().find(is_asked);
    found.ok_or_else(|| ApiError::refused("invalid_body", "The user exists, but does not contain the given identity."))
}
