//! The e-mail addresses of a user: one for each identity that has one. Source: spec/profile.md §3, spec/linking.md §4.

use serde_json::Value;

use crate::domain::document::Document;
use crate::domain::id::UserId;
use crate::domain::user::Identity;
use crate::domain::user::User;

/// Where an identity of a user gets its mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mailbox {
    pub(crate) user_id: UserId,
    /// The user id that the identity has, or had before it was linked.
    pub(crate) identity: UserId,
    pub(crate) connection: String,
    pub(crate) email: String,
    pub(crate) verified: bool,
}

impl User {
    /// Of the primary identity.
    pub(crate) fn mailbox(&self) -> Option<Mailbox> {
        self.mailbox_of(&self.primary()?.as_user_id())
    }

    /// Of one of the identities: the primary one's address is the user's, a linked one's stands in its profile.
    pub(crate) fn mailbox_of(&self, identity: &UserId) -> Option<Mailbox> {
        let (place, found) = self.identities.iter().enumerate().find(|(_, known)| known.as_user_id() == *identity)?;
        let (email, verified) = match place {
            0 => (self.email.clone()?, self.email_verified == Some(true)),
            _ => linked_email(found)?,
        };
        Some(Mailbox {
            user_id: self.user_id.clone(),
            identity: identity.clone(),
            connection: found.connection.clone(),
            email,
            verified,
        })
    }

    /// Says of an identity's address whether it is verified. Nothing happens where there is none.
    pub(crate) fn set_email_verified_of(&mut self, identity: &UserId, verified: bool) {
        let places = self.identities.iter_mut().enumerate();
        match places.into_iter().find(|(_, known)| known.as_user_id() == *identity) {
            Some((0, _)) if self.email.is_some() => self.email_verified = Some(verified),
            Some((0, _)) | None => {}
            Some((_, linked)) => {
                let mut profile = linked.profile_data.as_ref().map(Document::parse).unwrap_or_default();
                profile.insert("email_verified".to_owned(), verified.into());
                linked.profile_data = Some(profile.into());
            }
        }
    }
}

fn linked_email(identity: &Identity) -> Option<(String, bool)> {
    let profile = identity.profile_data.as_ref()?.parse();
    let email = profile.get("email")?.as_str()?.to_owned();
    Some((email, profile.get("email_verified") == Some(&Value::Bool(true))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::strategy::Strategy;
    use crate::domain::user::IdentityId;
    use crate::time::Timestamp;

    fn user() -> User {
        let identity = |id: &str| Identity::new(Strategy::AUTH0, "db", IdentityId::Text(id.into()));
        let mut user = User::new(identity("1"), Timestamp::from_seconds(0));
        user.email = Some("ana@people.example".into());
        let profile = json!({ "email": "eva@people.example", "username": "eva", "email_verified": false });
        let linked = Identity { profile_data: profile.as_object().map(Document::from), ..identity("2") };
        user.identities.push(linked);
        user
    }

    #[test]
    fn each_identity_has_an_address_of_its_own() {
        let user = user();
        assert_eq!(user.mailbox().unwrap().email, "ana@people.example");
        let linked = user.mailbox_of(&"auth0|2".into()).unwrap();
        assert_eq!((linked.email.as_str(), linked.user_id.as_str()), ("eva@people.example", "auth0|1"));
        assert_eq!(user.mailbox_of(&"auth0|3".into()), None);
    }

    #[test]
    fn an_address_is_verified_where_it_stands() {
        let mut user = user();
        user.set_email_verified_of(&"auth0|2".into(), true);
        assert!(user.mailbox_of(&"auth0|2".into()).unwrap().verified && !user.mailbox().unwrap().verified);
        user.set_email_verified_of(&"auth0|1".into(), true);
        assert_eq!(user.email_verified, Some(true));
        let mut nobody = User { email: None, ..user };
        nobody.email_verified = None;
        nobody.set_email_verified_of(&"auth0|1".into(), true);
        assert_eq!(nobody.email_verified, None);
    }
}
