//! New users of a database that the tenant keeps itself. Source: spec/profile.md §1, §2 and §5.

use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::document::Document;
use crate::domain::password::Password;
use crate::domain::profile::generated;
use crate::domain::user::Identity;
use crate::domain::user::IdentityId;
use crate::domain::user::User;
use crate::time::Timestamp;

/// What a new user is said to have, by a sign-up, a call or a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewUser {
    pub(crate) email: Option<String>,
    pub(crate) email_verified: Option<bool>,
    pub(crate) username: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) phone_verified: Option<bool>,
    pub(crate) blocked: Option<bool>,
    pub(crate) password: Option<Password>,
    pub(crate) user_metadata: Option<Map<String, Value>>,
    pub(crate) app_metadata: Option<Map<String, Value>>,
    /// Those of the five that were given.
    pub(crate) attributes: Map<String, Value>,
}

impl NewUser {
    /// A user of `connection` under `id`, the part behind `auth0|`. Address and user name are kept in lower case; what
    /// wasn't given is generated.
    pub(crate) fn into_user(self, connection: &Connection, id: &str, now: Timestamp) -> User {
        let identity = Identity::new(connection.strategy, &connection.name, IdentityId::Text(id.to_owned()));
        let email = self.email.map(|email| email.to_lowercase());
        let username = self.username.map(|username| username.to_lowercase());
        let mut attributes = self.attributes;
        let seeds = generated::Seeds {
            email: email.as_deref(),
            phone_number: self.phone_number.as_deref(),
            username: username.as_deref(),
        };
        let generated = generated::fill(&mut attributes, seeds);
        let flag = |given: Option<bool>, of: bool| given.or(of.then_some(false));
        User {
            email_verified: flag(self.email_verified, email.is_some()),
            phone_verified: flag(self.phone_verified, self.phone_number.is_some()),
            email,
            username,
            phone_number: self.phone_number,
            blocked: self.blocked,
            user_metadata: self.user_metadata.map(Document::from),
            app_metadata: self.app_metadata.map(Document::from),
            password: self.password,
            attributes: attributes.into(),
            generated,
            ..User::new(identity, now)
        }
    }
}

/// Whether it looks like an e-mail address: a local part of at most 64 and 254 characters in all (spec/profile.md §2).
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | ',' | ';' | '(' | ')');
    let labels = domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let lengths = (1..=64).contains(&local.len()) && text.len() <= 254;
    lengths && labels && domain.contains('.') && !local.contains('@') && text.chars().all(plain)
}

/// Whether it can be a user name: the characters of spec/profile.md §2, no e-mail address, and the connection's
/// lengths (1 to 15 when it says nothing).
pub(crate) fn is_username(text: &str, connection: &Connection) -> bool {
    let of_attribute = connection.options.get("attributes");
    let of_attribute = of_attribute.and_then(|attributes| attributes.pointer("/username/validation"));
    let limits = connection.options.get("validation").and_then(|validation| validation.get("username"));
    let limit = |name: &str| {
        let given = limits.and_then(|limits| limits.get(name));
        given.or_else(|| of_attribute?.get(format!("{name}_length"))).and_then(Value::as_u64)
    };
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let fits = (limit("min").unwrap_or(1)..=limit("max").unwrap_or(15).min(128)).contains(&length);
    let plain = |c: char| c.is_ascii_alphanumeric() || "@^$.!`#+~'_-".contains(c);
    fits && text.chars().all(plain) && !is_email(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn connection() -> Connection {
        serde_json::from_value(json!({ "id": "con_1", "name": "db", "strategy": "auth0" })).unwrap()
    }

    #[test]
    fn the_name_is_the_address_even_beside_given_and_family_name() {
        let attributes = json!({ "given_name": "Ines", "family_name": "Ruiz" }).as_object().cloned().unwrap();
        let new = NewUser { email: Some("Ines@Example.com".into()), attributes, ..NewUser::default() };
        let profile = new.into_user(&connection(), "1", Timestamp::from_seconds(0)).profile();
        assert_eq!((&profile["name"], &profile["email"]), (&json!("ines@example.com"), &json!("ines@example.com")));
        assert_eq!((&profile["nickname"], &profile["user_id"]), (&json!("ines"), &json!("auth0|1")));
        assert_eq!(profile["email_verified"], false);
        assert!(!profile.contains_key("username") && !profile.contains_key("blocked"));
    }

    #[test]
    fn addresses_and_user_names_are_told_apart() {
        for good in ["a@b.example", "a.b+c@d-e.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "@b.example", "a@b", "a@.example", "a b@c.example", "a@b@c.example", &"a".repeat(300)] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_username("ines_1", &connection()) && !is_username("a@b.example", &connection()));
        assert!(!is_username("", &connection()) && !is_username(&"a".repeat(16), &connection()));
        let mut longer = connection();
        let validation = json!({ "username": { "validation": { "min_length": 3, "max_length": 20 } } });
        longer.options.insert("attributes".to_owned(), validation);
        assert!(is_username(&"a".repeat(20), &longer) && !is_username("ab", &longer));
    }
}
