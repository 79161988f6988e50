//! `PATCH /users/{id}`. Source: spec/profile.md §7, spec/caching.md §5.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::id::UserId;
use crate::domain::password::Password;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::generated;
use crate::domain::profile::generated::Seeds;
use crate::domain::profile::metadata;
use crate::domain::profile::update;
use crate::domain::profile::update::UpdateError;
use crate::domain::user::User;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::management::users::NO_CONNECTION;
use crate::management::users::NO_SUCH_USER;
use crate::management::users::checks;
use crate::management::users::checks::INVALID;
use crate::management::users::shape;
use crate::management::users::view;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::time::Timestamp;

/// `PATCH /users/{id}`: 200 with the whole profile. Metadata is merged on its first level.
pub(super) async fn update(
    tenant: Tenant,
    caller: Caller,
    ApiPath((id,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let body = body.check(&shape::CHANGE, Call::Update)?;
    check_scopes(&caller, &body)?;
    let connection = {
        let state = tenant.read();
        let user = state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
        let connection = connection_of(&state, user)?;
        update::check(user, &connection, &body.0)?;
        check_connection(&connection, &body)?;
        connection
    };
    let password = match body.text("password") {
        Some(password) => Some(checks::hash(&connection, password).await?),
        None => None,
    };
    let updated = tenant.write(|tx| {
        let user = tx.user(&id).ok_or(NO_SUCH_USER)?;
        let user = apply(user, &body, password, tx.now)?;
        tx.put_user(user.clone())?;
        Ok::<_, ApiError>(user)
    });
    Ok(Json(view::user(&updated.await?, &caller)))
}

/// End users change their own `user_metadata` alone; `app_metadata` has a scope of its own.
fn check_scopes(caller: &Caller, body: &Checked) -> Result<(), ApiError> {
    for name in body.0.keys() {
        let scopes: &[&str] = match name.as_str() {
            "user_metadata" => &["update:users", "update:current_user_metadata"],
            "app_metadata" => &["update:users", "update:users_app_metadata"],
            _ => &["update:users"],
        };
        caller.check_any(scopes)?;
    }
    Ok(())
}

/// The connection of the user's primary identity.
fn connection_of(state: &TenantState, user: &User) -> Result<Connection, ApiError> {
    let name = user.primary().map(|identity| identity.connection.as_str()).unwrap_or_default();
    state.connection_named(name).map(|connection| Connection::clone(connection)).ok_or(NO_CONNECTION)
}

fn check_connection(connection: &Connection, body: &Checked) -> Result<(), ApiError> {
    let signs_in_with = body.0.contains_key("email") || body.0.contains_key("password");
    if signs_in_with && checks::is_disabled(connection) {
        let message = "Cannot change email or password for users in a disabled connection.";
        return Err(ApiError::refused(INVALID, message));
    }
    body.text("username").map_or(Ok(()), |username| checks::check_username(connection, username))
}

/// The user with the change made, which was found to be allowed.
fn apply(mut user: User, body: &Checked, password: Option<Password>, now: Timestamp) -> Result<User, ApiError> {
    for (name, kept) in [("user_metadata", &mut user.user_metadata), ("app_metadata", &mut user.app_metadata)] {
        if let Some(change) = body.object(name) {
            *kept = metadata::merge(name, kept.as_ref(), change)?;
        }
    }
    let text = |name: &str| body.0.get(name).map(|value| value.as_str().map(str::to_owned));
    if let Some(email) = text("email") {
        let email = email.map(|email| email.to_lowercase());
        if email != user.email {
            // A new address is not verified unless the call says so (unverified, spec/management-api.md §5).
            user.email_verified = email.as_ref().map(|_| false);
        }
        user.email = email;
    }
    if let Some(username) = text("username") {
        user.username = username.map(|username| username.to_lowercase());
    }
    if let Some(phone_number) = text("phone_number") {
        user.phone_verified = phone_number.as_ref().map(|_| false);
        user.phone_number = phone_number;
    }
    if password.is_some() {
        user.password = password;
        user.last_password_reset = Some(now);
        // A password set through the API lifts an administrator's block (spec/caching.md §5).
        user.blocked = user.blocked.map(|_| false);
    }
    user.email_verified = body.flag("email_verified").or(user.email_verified);
    user.phone_verified = body.flag("phone_verified").or(user.phone_verified);
    user.blocked = body.flag("blocked").or(user.blocked);
    change_attributes(&mut user, body);
    user.updated_at = now;
    Ok(user)
}

/// The five are set or, by `null`, unset; any other attribute is only taken away.
fn change_attributes(user: &mut User, body: &Checked) {
    let is_five = |name: &str| THE_FIVE.contains(&name);
    let is_field = |name: &str| shape::CHANGE.lists(name) && !is_five(name);
    let changes: Vec<_> = body.0.iter().filter(|(name, _)| !is_field(name)).collect();
    if changes.is_empty() {
        return;
    }
    let mut attributes = user.attributes.parse();
    for (name, value) in changes {
        user.generated = user.generated.without(name);
        if value.is_null() {
            attributes.remove(name);
        } else if is_five(name) {
            attributes.insert(name.clone(), value.clone());
        }
    }
    // What is unset is generated again, as if it had never been given (unverified).
    user.generated = user.generated.and(generated::fill(&mut attributes, Seeds::of(user)));
    user.attributes = attributes.into();
}

impl From<UpdateError> for ApiError {
    fn from(error: UpdateError) -> Self {
        Self::refused(error.code(), error.to_string())
    }
}

impl From<metadata::MetadataError> for ApiError {
    fn from(error: metadata::MetadataError) -> Self {
        Self::InvalidBody(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::profile::database::NewUser;

    fn user() -> User {
        let connection = json!({ "id": "con_1", "name": "db", "strategy": "auth0" });
        let connection: Connection = serde_json::from_value(connection).unwrap();
        let user_metadata = json!({ "a": 1, "b": 2 }).as_object().cloned();
        let new = NewUser { email: Some("ana@b.example".into()), user_metadata, ..NewUser::default() };
        User { email_verified: Some(true), ..new.into_user(&connection, "1", Timestamp::from_seconds(1)) }
    }

    fn changed(user: User, change: Value, password: Option<Password>) -> Map<String, Value> {
        let body = Checked(change.as_object().cloned().unwrap());
        apply(user, &body, password, Timestamp::from_seconds(2)).unwrap().profile()
    }

    #[test]
    fn a_new_address_is_unverified_and_changes_nothing_else() {
        let profile = changed(user(), json!({ "email": "Eva@B.example" }), None);
        assert_eq!((&profile["email"], &profile["email_verified"]), (&json!("eva@b.example"), &json!(false)));
        assert_eq!((&profile["nickname"], &profile["name"]), (&json!("ana"), &json!("ana@b.example")));
        assert_eq!(changed(user(), json!({ "email": "ANA@b.example" }), None)["email_verified"], true);
        let both = changed(user(), json!({ "email": "e@b.example", "email_verified": true }), None);
        assert_eq!(both["email_verified"], true);
        assert!(!changed(user(), json!({ "email": null }), None).contains_key("email_verified"));
    }

    #[test]
    fn a_new_password_lets_a_blocked_user_in() {
        let password = || Some(Password::Plain("x".into()));
        let blocked = || User { blocked: Some(true), ..user() };
        let profile = changed(blocked(), json!({}), password());
        assert_eq!((&profile["blocked"], &profile["last_password_reset"]), (&json!(false), &profile["updated_at"]));
        assert_eq!(changed(blocked(), json!({ "blocked": true }), password())["blocked"], true);
        assert!(!changed(user(), json!({}), password()).contains_key("blocked"));
    }

    #[test]
    fn what_is_unset_is_generated_again() {
        let named =
            apply(user(), &Checked(json!({ "nickname": "N" }).as_object().cloned().unwrap()), None, user().created_at);
        let named = named.unwrap();
        assert_eq!(named.profile()["nickname"], "N");
        assert_eq!(changed(named, json!({ "nickname": null }), None)["nickname"], "ana");
    }

    #[test]
    fn metadata_is_merged_on_the_first_level() {
        let profile = changed(user(), json!({ "user_metadata": { "a": null, "c": { "d": 1 } } }), None);
        assert_eq!(profile["user_metadata"], json!({ "b": 2, "c": { "d": 1 } }));
        assert_eq!(changed(user(), json!({ "user_metadata": {} }), None)["user_metadata"], json!({}));
    }
}
