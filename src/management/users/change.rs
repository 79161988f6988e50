//! A user with a change made that was found to be allowed. Source: spec/profile.md §7, spec/caching.md §5.

use serde_json::Map;
use serde_json::Value;

use crate::domain::document::Document;
use crate::domain::id::UserId;
use crate::domain::profile::cache::THE_FIVE;
use crate::domain::profile::generated;
use crate::domain::profile::generated::Seeds;
use crate::domain::profile::metadata;
use crate::domain::user::User;
use crate::management::body::Checked;
use crate::management::error::ApiError;
use crate::management::users::shape;
use crate::time::Timestamp;

/// The user with the change made, except for the password. `linked` is the identity that is meant where it isn't the
/// primary one: its profile changes, and the root stays.
///
/// # Errors
/// [`ApiError::InvalidBody`] for names that metadata can't have.
pub(super) fn apply(mut user: User, linked: Option<&UserId>, body: &Checked, now: Timestamp) -> Result<User, ApiError> {
    for (name, kept) in [("user_metadata", &mut user.user_metadata), ("app_metadata", &mut user.app_metadata)] {
        if let Some(change) = body.object(name) {
            *kept = metadata::merge(name, kept.as_ref(), change)?;
        }
    }
    match linked {
        Some(identity) => change_linked(&mut user, identity, body),
        None => change_root(&mut user, body),
    }
    if body.text("password").is_some() {
        // A password set through the API lifts an administrator's block (spec/caching.md §5).
        user.blocked = user.blocked.map(|_| false);
    }
    user.blocked = body.flag("blocked").or(user.blocked);
    user.updated_at = now;
    Ok(user)
}

/// A text that is set, or taken away by `null`; nothing when it isn't sent.
fn text(body: &Checked, name: &str) -> Option<Option<String>> {
    body.0.get(name).map(|value| value.as_str().map(str::to_owned))
}

fn change_root(user: &mut User, body: &Checked) {
    if let Some(email) = text(body, "email") {
        let email = email.map(|email| email.to_lowercase());
        if email != user.email {
            // A new address is not verified unless the call says so (unverified, spec/management-api.md §5).
            user.email_verified = email.as_ref().map(|_| false);
        }
        user.email = email;
    }
    if let Some(username) = text(body, "username") {
        user.username = username.map(|username| username.to_lowercase());
    }
    if let Some(phone_number) = text(body, "phone_number") {
        if phone_number != user.phone_number {
            user.phone_verified = phone_number.as_ref().map(|_| false);
        }
        user.phone_number = phone_number;
    }
    user.email_verified = body.flag("email_verified").or(user.email_verified);
    user.phone_verified = body.flag("phone_verified").or(user.phone_verified);
    change_attributes(user, body);
}

/// The same for a linked identity, whose attributes stand in its profile.
fn change_linked(user: &mut User, identity: &UserId, body: &Checked) {
    let Some(linked) = user.identities.iter_mut().find(|known| known.as_user_id() == *identity) else { return };
    let mut profile = linked.profile_data.as_ref().map(Document::parse).unwrap_or_default();
    for (name, flag) in
        [("email", Some("email_verified")), ("phone_number", Some("phone_verified")), ("username", None)]
    {
        let Some(value) = text(body, name) else { continue };
        let value = value.map(|value| if name == "phone_number" { value } else { value.to_lowercase() });
        let is_new = profile.get(name).and_then(Value::as_str) != value.as_deref();
        if let Some(flag) = flag.filter(|_| is_new) {
            set(&mut profile, flag, value.as_ref().map(|_| false.into()));
        }
        set(&mut profile, name, value.map(Value::from));
    }
    for flag in ["email_verified", "phone_verified"] {
        profile.extend(body.flag(flag).map(|value| (flag.to_owned(), value.into())));
    }
    linked.profile_data = Some(profile.into());
}

fn set(profile: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => profile.insert(name.to_owned(), value),
        None => profile.remove(name),
    };
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::connection::Connection;
    use crate::domain::profile::database::NewUser;
    use crate::domain::strategy::Strategy;
    use crate::domain::user::Identity;
    use crate::domain::user::IdentityId;

    fn user() -> User {
        let connection = json!({ "id": "con_1", "name": "db", "strategy": "auth0" });
        let connection: Connection = serde_json::from_value(connection).unwrap();
        let user_metadata = json!({ "a": 1, "b": 2 }).as_object().cloned();
        let new = NewUser { email: Some("ana@b.example".into()), user_metadata, ..NewUser::default() };
        User { email_verified: Some(true), ..new.into_user(&connection, "1", Timestamp::from_seconds(1)) }
    }

    fn changed(user: User, change: Value) -> Map<String, Value> {
        let body = Checked(change.as_object().cloned().unwrap());
        apply(user, None, &body, Timestamp::from_seconds(2)).unwrap().profile()
    }

    #[test]
    fn a_new_address_is_unverified_and_changes_nothing_else() {
        let profile = changed(user(), json!({ "email": "Eva@B.example" }));
        assert_eq!((&profile["email"], &profile["email_verified"]), (&json!("eva@b.example"), &json!(false)));
        assert_eq!((&profile["nickname"], &profile["name"]), (&json!("ana"), &json!("ana@b.example")));
        assert_eq!(changed(user(), json!({ "email": "ANA@b.example" }))["email_verified"], true);
        let both = changed(user(), json!({ "email": "e@b.example", "email_verified": true }));
        assert_eq!(both["email_verified"], true);
        assert!(!changed(user(), json!({ "email": null })).contains_key("email_verified"));
    }

    #[test]
    fn a_new_password_lets_a_blocked_user_in() {
        let blocked = || User { blocked: Some(true), ..user() };
        assert_eq!(changed(blocked(), json!({ "password": "x" }))["blocked"], false);
        assert_eq!(changed(blocked(), json!({ "password": "x", "blocked": true }))["blocked"], true);
        assert!(!changed(user(), json!({ "password": "x" })).contains_key("blocked"));
    }

    #[test]
    fn a_linked_identity_changes_in_its_own_profile() {
        let mut user = user();
        let linked = Identity::new(Strategy::AUTH0, "other", IdentityId::Text("2".into()));
        let profile = json!({ "email": "ana@c.example", "email_verified": true, "username": "ana" });
        let profile_data = profile.as_object().map(Document::from);
        user.identities.push(Identity { profile_data, ..linked });
        let body = |change: Value| Checked(change.as_object().cloned().unwrap());
        let (identity, now) = (UserId::from("auth0|2"), Timestamp::from_seconds(2));
        let change = body(json!({ "email": "Eva@C.example" }));
        let user = apply(user, Some(&identity), &change, now).unwrap();
        let changed = user.profile()["identities"][1]["profileData"].clone();
        assert_eq!(changed, json!({ "email": "eva@c.example", "email_verified": false, "username": "ana" }));
        let user = apply(user, Some(&identity), &body(json!({ "username": null })), now).unwrap();
        assert!(user.profile()["identities"][1]["profileData"].get("username").is_none());
        assert_eq!(
            (&user.profile()["email"], &user.profile()["email_verified"]),
            (&json!("ana@b.example"), &json!(true))
        );
    }

    #[test]
    fn what_is_unset_is_generated_again() {
        let change = Checked(json!({ "nickname": "N" }).as_object().cloned().unwrap());
        let named = apply(user(), None, &change, user().created_at).unwrap();
        assert_eq!(named.profile()["nickname"], "N");
        assert_eq!(changed(named, json!({ "nickname": null }))["nickname"], "ana");
    }

    #[test]
    fn metadata_is_merged_on_the_first_level() {
        let profile = changed(user(), json!({ "user_metadata": { "a": null, "c": { "d": 1 } } }));
        assert_eq!(profile["user_metadata"], json!({ "b": 2, "c": { "d": 1 } }));
        assert_eq!(changed(user(), json!({ "user_metadata": {} }))["user_metadata"], json!({}));
    }
}
