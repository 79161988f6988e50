//! Account linking: one user takes another one's identities over, and gives one back. Source: spec/linking.md §1 to §3.

use serde_json::Map;
use serde_json::Value;

use crate::domain::document::Document;
use crate::domain::profile::generated;
use crate::domain::profile::generated::Seeds;
use crate::domain::strategy::Strategy;
use crate::domain::user::Identity;
use crate::domain::user::OWN_ATTRIBUTES;
use crate::domain::user::User;
use crate::time::Timestamp;

/// Why users stay as they are. Display is the real service's text, but for [`LinkError::NotLinked`], whose text is
/// unverified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkError {
    #[error("Main identity and the new one are the same.")]
    SameUser,
    #[error("Main identity cannot be removed.")]
    PrimaryIdentity,
    #[error("The specified identity is not linked to the user.")]
    NotLinked,
}

/// Makes the identities of `secondary` identities of `primary`, behind those that it has.
///
/// Of the secondary user stay the identities, each with its tokens and the profile as it was (`profileData`), and the
/// passwords that sign in with them. Nothing is merged into the primary's attributes, and the secondary's metadata,
/// roles and counts are gone. The caller takes the secondary user away. Those who were linked to the secondary follow
/// it in their order (unverified, spec/linking.md §1).
///
/// # Errors
/// [`LinkError::SameUser`].
///
/// Source: spec/linking.md §1 and §2.
pub(crate) fn link(mut primary: User, secondary: User, now: Timestamp) -> Result<User, LinkError> {
    if primary.user_id == secondary.user_id {
        return Err(LinkError::SameUser);
    }
    let profile_data = profile_data(&secondary);
    let mut identities = secondary.identities.into_iter();
    if let Some(first) = identities.next() {
        let password = secondary.password;
        primary.identities.push(Identity { profile_data: Some(profile_data), password, ..first });
    }
    primary.identities.extend(identities);
    primary.updated_at = now;
    Ok(primary)
}

/// Takes a secondary identity away from `primary` and makes a user of it again.
///
/// Returns the primary with one identity less, and the new user: its attributes are the identity's `profileData`, its
/// metadata is empty, it has never logged in, and it was created at `now` (the last two unverified).
///
/// # Errors
/// [`LinkError::NotLinked`] when no identity is this one, [`LinkError::PrimaryIdentity`] when the first is.
///
/// Source: spec/linking.md §3.
pub(crate) fn unlink(
    mut primary: User,
    provider: Strategy,
    id: &str,
    now: Timestamp,
) -> Result<(User, User), LinkError> {
    let position = primary.identities.iter().position(|identity| identity.is(provider, id));
    let position = position.ok_or(LinkError::NotLinked)?;
    if position == 0 {
        return Err(LinkError::PrimaryIdentity);
    }
    let identity = primary.identities.remove(position);
    primary.updated_at = now;
    Ok((primary, of_identity(identity, now)))
}

/// What an identity says of its person once it is linked: the profile that `user` has by their primary identity.
///
/// Of a database it is what somebody gave, without what was made up (recorded); of other connections the whole
/// normalized profile (a documented sample of `sms` has the name that was made up).
pub(crate) fn profile_data(user: &User) -> Document {
    let is_database = user.primary().is_some_and(|identity| identity.provider.is_database());
    let mut data = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            data.insert(name.to_owned(), value);
        }
    };
    put("email", user.email.clone().map(Value::from));
    put("email_verified", user.email_verified.map(Value::from));
    put("username", user.username.clone().map(Value::from));
    put("phone_number", user.phone_number.clone().map(Value::from));
    put("phone_verified", user.phone_verified.map(Value::from));
    for (name, value) in user.attributes.parse() {
        put(&name, Some(value).filter(|_| !(is_database && user.generated.has(&name))));
    }
    data.into()
}

/// A user of this identity alone, with the profile that it says.
fn of_identity(mut identity: Identity, now: Timestamp) -> User {
    let mut attributes = identity.profile_data.take().map(|data| data.parse()).unwrap_or_default();
    let password = identity.password.take();
    attributes.retain(|name, _| !OWN_ATTRIBUTES.contains(&name.as_str()));
    let mut user = User { password, ..User::new(identity, now) };
    let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    user.email = text(attributes.remove("email"));
    user.email_verified = attributes.remove("email_verified").map(|value| is_true(&value));
    user.username = text(attributes.remove("username"));
    user.phone_number = text(attributes.remove("phone_number"));
    user.phone_verified = attributes.remove("phone_verified").map(|value| is_true(&value));
    user.generated = generated::fill(&mut attributes, Seeds::of(&user));
    user.attributes = attributes.into();
    user
}

/// A linked identity keeps what its provider sent, and providers send booleans as such or as text.
fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true) || value.as_str() == Some("true")
}

#[cfg(test)]
mod tests;
