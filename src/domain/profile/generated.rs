//! Attributes that are made up where nobody gave them: `name`, `nickname`, `picture`. Source: spec/profile.md §5.

use md5::Digest as _;
use md5::Md5;
use serde_json::Map;
use serde_json::Value;

use crate::domain::user::User;

/// The picture of who has no e-mail address.
const DEFAULT_PICTURE: &str = "https://cdn.auth0.com/avatars/default.png";

/// What generated attributes are made from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seeds<'a> {
    pub(crate) email: Option<&'a str>,
    pub(crate) phone_number: Option<&'a str>,
    pub(crate) username: Option<&'a str>,
}

impl<'a> Seeds<'a> {
    pub(crate) fn of(user: &'a User) -> Self {
        Self {
            email: user.email.as_deref(),
            phone_number: user.phone_number.as_deref(),
            username: user.username.as_deref(),
        }
    }
}

/// Which attributes were made up, because nobody gave them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Generated {
    name: bool,
    nickname: bool,
    picture: bool,
}

impl Generated {
    pub(crate) fn has(self, attribute: &str) -> bool {
        match attribute {
            "name" => self.name,
            "nickname" => self.nickname,
            "picture" => self.picture,
            _ => false,
        }
    }

    /// Those of both.
    #[must_use]
    pub(crate) fn and(self, more: Self) -> Self {
        Self {
            name: self.name || more.name,
            nickname: self.nickname || more.nickname,
            picture: self.picture || more.picture,
        }
    }

    /// These, but for one that was given meanwhile, or taken away.
    #[must_use]
    pub(crate) fn without(self, attribute: &str) -> Self {
        Self {
            name: self.name && attribute != "name",
            nickname: self.nickname && attribute != "nickname",
            picture: self.picture && attribute != "picture",
        }
    }
}

/// Fills in what is missing, and tells what that was; what is there stays, even when empty.
pub(crate) fn fill(attributes: &mut Map<String, Value>, seeds: Seeds<'_>) -> Generated {
    let given =
        |attributes: &Map<String, Value>| ["name", "nickname", "picture"].map(|name| attributes.contains_key(name));
    let before = given(attributes);
    fill_in(attributes, seeds);
    let after = given(attributes);
    let [name, nickname, picture] = std::array::from_fn(|place| after.get(place) != before.get(place));
    Generated { name, nickname, picture }
}

fn fill_in(attributes: &mut Map<String, Value>, seeds: Seeds<'_>) {
    let name = seeds.email.or(seeds.phone_number).or(seeds.username);
    if let (false, Some(name)) = (attributes.contains_key("name"), name) {
        attributes.insert("name".to_owned(), name.into());
    }
    let nickname = seeds.email.map(local_part).or(seeds.username);
    if let (false, Some(nickname)) = (attributes.contains_key("nickname"), nickname) {
        attributes.insert("nickname".to_owned(), nickname.into());
    }
    if !attributes.contains_key("picture") {
        let name = attributes.get("name").and_then(Value::as_str).unwrap_or_default();
        let picture = seeds.email.map_or_else(|| DEFAULT_PICTURE.to_owned(), |email| gravatar(email, name));
        attributes.insert("picture".to_owned(), picture.into());
    }
}

/// Takes out what [`fill`] made, or would make the same, from these seeds.
pub(crate) fn strip(attributes: &mut Map<String, Value>, seeds: Seeds<'_>) {
    let is_made_up = |name: &&&str| {
        let mut made_up = attributes.clone();
        made_up.remove(**name);
        fill(&mut made_up, seeds);
        made_up.get(**name) == attributes.get(**name)
    };
    let made_up: Vec<_> = ["name", "nickname", "picture"].iter().filter(is_made_up).copied().collect();
    attributes.retain(|name, _| !made_up.contains(&name.as_str()));
}

fn local_part(email: &str) -> &str {
    email.split_once('@').map_or(email, |(local, _)| local)
}

/// Gravatar's address for an e-mail, with initials to fall back on.
fn gravatar(email: &str, name: &str) -> String {
    let hash = Md5::digest(email.to_lowercase().as_bytes());
    let hash = hash.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let initials: String = url::form_urlencoded::byte_serialize(initials(name).as_bytes()).collect();
    let avatar = format!("https%3A%2F%2Fcdn.auth0.com%2Favatars%2F{initials}.png");
    format!("https://s.gravatar.com/avatar/{hash}?s=480&r=pg&d={avatar}")
}

/// The first letters of the first two words, or the first two letters of the only one, in lower case.
/// Two words are unverified (spec/profile.md §5.3).
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let letters: String = match (words.next(), words.next()) {
        (Some(first), Some(second)) => first.chars().take(1).chain(second.chars().take(1)).collect(),
        (Some(only), None) => only.chars().take(2).collect(),
        _ => "de".to_owned(),
    };
    letters.to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(attributes: Value, seeds: Seeds<'_>, expected: Value) {
        let mut attributes = attributes.as_object().cloned().unwrap();
        fill(&mut attributes, seeds);
        assert_eq!(Value::from(attributes), expected);
    }

    #[test]
    fn the_name_is_the_address_and_the_nickname_its_local_part() {
        let email = Seeds { email: Some("ines@example.com"), ..Seeds::default() };
        // md5 of "ines@example.com".
        let picture = "https://s.gravatar.com/avatar/73c88b312037535000e1130a1ffcbf41?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fin.png";
        check(json!({}), email, json!({ "name": "ines@example.com", "nickname": "ines", "picture": picture }));
        check(json!({ "picture": "p", "name": "" }), email, json!({ "picture": "p", "name": "", "nickname": "ines" }));
    }

    #[test]
    fn without_an_address_there_is_the_default_picture() {
        let phone = Seeds { phone_number: Some("+4930"), ..Seeds::default() };
        check(json!({}), phone, json!({ "name": "+4930", "picture": DEFAULT_PICTURE }));
        check(json!({}), Seeds::default(), json!({ "picture": DEFAULT_PICTURE }));
    }

    #[test]
    fn only_what_was_made_up_is_stripped() {
        let email = Seeds { email: Some("ines@example.com"), ..Seeds::default() };
        let mut attributes = json!({ "nickname": "Nines", "given_name": "Ines" }).as_object().cloned().unwrap();
        let given = attributes.clone();
        fill(&mut attributes, email);
        strip(&mut attributes, email);
        assert_eq!(attributes, given);
        strip(&mut attributes, Seeds::default());
        assert_eq!(attributes, given);
    }

    #[test]
    fn initials_are_of_two_words_or_one() {
        for (name, expected) in [("John Doe", "jd"), ("chuck@example.com", "ch"), ("Ö", "ö"), ("", "de")] {
            assert_eq!(initials(name), expected);
        }
    }
}
