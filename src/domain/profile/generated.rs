//! Attributes that are made up where nobody gave them: `name`, `nickname`, `picture`. Source: spec/profile.md §5.

use md5::Digest as _;
use md5::Md5;
use serde_json::Map;
use serde_json::Value;

use crate::domain::profile::trace::Fate;
use crate::domain::profile::trace::Trace;
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

/// An attribute that was made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    /// The rule, as the rest of a sentence that begins with the name.
    pub(crate) rule: &'static str,
}

impl<'a> Seeds<'a> {
    pub(crate) fn of(user: &'a User) -> Self {
        Self {
            email: user.email.as_deref(),
            phone_number: user.phone_number.as_deref(),
            username: user.username.as_deref(),
        }
    }

    fn name(self) -> Option<(String, &'static str)> {
        let from = |value: Option<&str>, rule| value.map(|value| (value.to_owned(), rule));
        from(self.email, "is generated: nobody gave one, so it is the e-mail address")
            .or_else(|| from(self.phone_number, "is generated: nobody gave one, so it is the phone number"))
            .or_else(|| from(self.username, "is generated: nobody gave one, so it is the user name"))
    }

    fn nickname(self) -> Option<(String, &'static str)> {
        let from = |value: Option<&str>, rule| value.map(|value| (value.to_owned(), rule));
        from(self.email.map(local_part), "is generated: the e-mail address up to its @")
            .or_else(|| from(self.username, "is generated: the user name, as there is no e-mail address"))
    }

    fn picture(self, name: &str) -> (String, &'static str) {
        match self.email {
            Some(email) => (
                gravatar(email, name),
                "is generated: Gravatar's for the MD5 of the e-mail address, with the name's initials to fall back on",
            ),
            None => (DEFAULT_PICTURE.to_owned(), "is generated: the default one, as there is no e-mail address"),
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
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().fold(Self::default(), |all, name| Self {
            name: all.name || name == "name",
            nickname: all.nickname || name == "nickname",
            picture: all.picture || name == "picture",
        })
    }

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

/// What is missing from the attributes, made up; what is there stays, even when empty.
pub(crate) fn missing(attributes: &Map<String, Value>, seeds: Seeds<'_>) -> Vec<Made> {
    let mut all = Vec::new();
    let mut make = |name: &'static str, made: Option<(String, &'static str)>| {
        if let (false, Some((value, rule))) = (attributes.contains_key(name), made) {
            all.push(Made { name, value, rule });
        }
    };
    let name = seeds.name();
    let called = attributes.get("name").map(|name| name.as_str().unwrap_or_default().to_owned());
    let picture = seeds.picture(called.as_ref().or(name.as_ref().map(|(name, _)| name)).map_or("", String::as_str));
    make("name", name);
    make("nickname", seeds.nickname());
    make("picture", Some(picture));
    all
}

/// Fills in what is missing, and tells what that was.
pub(crate) fn fill(attributes: &mut Map<String, Value>, seeds: Seeds<'_>) -> Generated {
    let made = missing(attributes, seeds);
    let generated = Generated::of(made.iter().map(|made| made.name));
    attributes.extend(made.into_iter().map(|made| (made.name.to_owned(), made.value.into())));
    generated
}

/// Those of a user's attributes that nobody gave, with the rules by which they are made.
pub(crate) fn explain(user: &User) -> Trace {
    let stored = user.attributes.parse();
    let mut given = stored.clone();
    given.retain(|name, _| !user.generated.has(name));
    let mut trace = Trace::default();
    for made in missing(&given, Seeds::of(user)) {
        if let Some(value) = stored.get(made.name) {
            trace.noted(Fate::Generated, made.name, Some(value), made.rule);
        }
    }
    trace
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
    fn it_is_known_what_was_made_up() {
        let mut attributes = json!({ "nickname": "Nines" }).as_object().cloned().unwrap();
        let generated = fill(&mut attributes, Seeds { email: Some("ines@example.com"), ..Seeds::default() });
        assert_eq!(generated, Generated::of(["name", "picture"]));
        assert!(generated.has("name") && !generated.without("name").has("name") && !generated.has("nickname"));
    }

    #[test]
    fn initials_are_of_two_words_or_one() {
        for (name, expected) in [("John Doe", "jd"), ("chuck@example.com", "ch"), ("Ö", "ö"), ("", "de")] {
            assert_eq!(initials(name), expected);
        }
    }
}
