//! What a user can prove themselves with beside the password. Source: spec/management-api.md §5.2, recorded answers.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::UserId;
use crate::time::Timestamp;

/// An authentication method. It is kept and shown; logins don't ask for a second factor yet.
#[derive(Clone, Debug)]
pub(crate) struct AuthenticationMethod {
    pub(crate) user_id: UserId,
    /// 16 letters and digits; its ids are `TYPE|dev_` and these.
    pub(crate) device: String,
    /// `email`, `phone`, `totp`, `webauthn-roaming`, `passkey`.
    pub(crate) kind: String,
    pub(crate) created_at: Timestamp,
    /// What it was given: name, address, number, secret, key.
    pub(crate) settings: Map<String, Value>,
}

/// What is never shown of one.
const SECRET: &[&str] = &["totp_secret"];

impl AuthenticationMethod {
    pub(crate) fn id(&self) -> String {
        format!("{}|dev_{}", self.kind, self.device)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.settings.get(name).and_then(Value::as_str)
    }

    /// Whether it is the other one again: of the same kind, and for the same address, number, secret or key.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        let same = |name: &str| self.settings.get(name) == other.settings.get(name);
        self.user_id == other.user_id
            && self.kind == other.kind
            && ["email", "phone_number", "totp_secret", "key_id"].into_iter().all(same)
    }

    /// The method in full, with address and number as they are.
    pub(crate) fn shown(&self) -> Map<String, Value> {
        let mut view = Map::new();
        view.insert("id".to_owned(), self.id().into());
        view.insert("type".to_owned(), self.kind.as_str().into());
        view.extend(self.settings.clone().into_iter().filter(|(name, _)| !SECRET.contains(&name.as_str())));
        view.insert("created_at".to_owned(), json!(self.created_at));
        if self.kind == "phone" {
            let way = self.text("preferred_authentication_method").unwrap_or("sms");
            view.insert("preferred_authentication_method".to_owned(), way.into());
            let id = format!("{way}|dev_{}", self.device);
            view.insert("authentication_methods".to_owned(), json!([{ "id": id, "type": way }]));
        }
        view
    }

    /// The method with address and number covered.
    pub(crate) fn masked(&self) -> Map<String, Value> {
        let mut view = self.shown();
        if let Some(email) = self.text("email") {
            view.insert("email".to_owned(), mask_email(email).into());
        }
        if let Some(number) = self.text("phone_number") {
            view.insert("phone_number".to_owned(), mask_number(number).into());
        }
        view
    }
}

/// `chuck334@example.com` is `chuc****@exam*******`, `foo@example.com` is `****@exam*******`, as recorded.
fn mask_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let begin: String = if local.chars().count() > 4 { local.chars().take(4).collect() } else { String::new() };
    let domain: String = domain.chars().enumerate().map(|(place, c)| if place < 4 { c } else { '*' }).collect();
    format!("{begin}****@{domain}")
}

/// All but the last four characters are covered, as recorded.
fn mask_number(number: &str) -> String {
    let covered = number.chars().count().saturating_sub(4);
    number.chars().enumerate().map(|(place, c)| if place < covered { 'X' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(kind: &str, settings: Value) -> AuthenticationMethod {
        AuthenticationMethod {
            user_id: "auth0|1".into(),
            device: "abc".to_owned(),
            kind: kind.to_owned(),
            created_at: Timestamp::from_seconds(0),
            settings: settings.as_object().cloned().unwrap(),
        }
    }

    #[test]
    fn addresses_and_numbers_are_covered_as_recorded() {
        assert_eq!(mask_email("chuck334@example.com"), "chuc****@exam*******");
        assert_eq!(mask_email("foo@example.com"), "****@exam*******");
        assert_eq!(mask_number("+44207183875044"), "XXXXXXXXXXX5044");
        assert_eq!(mask_number("12"), "12");
    }

    #[test]
    fn secrets_are_not_shown_and_phones_have_a_way() {
        let view = method("totp", json!({ "name": "t", "totp_secret": "s" })).shown();
        assert_eq!((view.get("totp_secret"), &view["id"]), (None, &json!("totp|dev_abc")));
        let view = method("phone", json!({ "phone_number": "+4930" })).masked();
        assert_eq!(view["authentication_methods"], json!([{ "id": "sms|dev_abc", "type": "sms" }]));
        assert_eq!(view["phone_number"], "X4930");
    }
}
