//! The people whom a fake knows: raw attributes in that provider's own words. What is missing is made up, the same
//! way every time from a seeded source.

use fake::Fake as _;
use fake::faker::name::en::FirstName;
use fake::faker::name::en::LastName;
use serde_json::Map;
use serde_json::Value;

use crate::time::Rng;
use crate::upstreams::github;
use crate::upstreams::linkedin;
use crate::upstreams::provider::Alphabet;
use crate::upstreams::provider::Provider;
use crate::upstreams::provider::Words;

/// A person's account at a provider.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Account {
    pub(crate) provider: Provider,
    /// The provider's id for the person, which is also among the attributes.
    pub(crate) id: String,
    /// In the provider's own words; what the person hasn't is absent.
    pub(crate) attributes: Map<String, Value>,
    /// The permissions that the person gives if not told otherwise; `None` gives all that an app asks for.
    pub(crate) grants: Option<Vec<String>>,
    /// Accounts are shown in the order in which they were added.
    pub(crate) position: u64,
}

/// Why an account can't be as asked for. Display says it to a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AccountError {
    #[error("there is no such account")]
    Unknown,
    #[error("another account already has this {0}")]
    Conflict(&'static str),
    #[error("\"{attribute}\" must be {expected}")]
    Invalid { attribute: &'static str, expected: &'static str },
    #[error("the id of an account never changes")]
    IdIsFixed,
}

impl Account {
    /// An attribute that is text.
    pub(crate) fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(Value::as_str)
    }

    /// The person's own address, as the provider knows it: apps may not be told.
    pub(crate) fn email(&self) -> Option<&str> {
        match self.provider {
            Provider::Github => github::account::primary_email(&self.attributes),
            other => self.text(other.words().email),
        }
    }

    /// The person's name, if they have one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.text(self.provider.words().name)
    }

    /// The attributes, and `null` for each that would be made up if it were missing: an account made of them is the same.
    pub(crate) fn in_full(&self) -> Map<String, Value> {
        let mut attributes = self.attributes.clone();
        let completed = complete(self.provider, attributes.clone(), &mut Rng::new(Some(0)));
        for (name, _) in completed.map(|(_, completed)| completed).unwrap_or_default() {
            attributes.entry(name).or_insert(Value::Null);
        }
        attributes
    }

    /// What the person is called, or something else to tell the account by.
    pub(crate) fn label(&self) -> &str {
        self.name().or_else(|| self.email()).unwrap_or(&self.id)
    }

    /// The names that people sign in with beside the id, each with the attribute it is. No two accounts share one.
    pub(crate) fn known_by(&self) -> Vec<(&'static str, &str)> {
        match self.provider {
            Provider::Github => github::account::known_by(&self.attributes),
            Provider::Microsoft => {
                let addresses = ["userPrincipalName", "mail"].map(|name| Some((name, self.text(name)?)));
                addresses.into_iter().flatten().collect()
            }
            other => self.email().map(|email| (other.words().email, email)).into_iter().collect(),
        }
    }

    /// Whether the person gives this permission if not told otherwise.
    pub(crate) fn gives(&self, permission: &str) -> bool {
        self.grants.as_ref().is_none_or(|grants| grants.iter().any(|given| given == permission))
    }

    /// Whether somebody typed this account's e-mail address, id or other name.
    pub(crate) fn is_called(&self, typed: &str) -> bool {
        self.id == typed || self.known_by().iter().any(|(_, name)| name.to_lowercase() == typed.to_lowercase())
    }
}

/// Makes an account of what is given: ids, names and an address that are missing are made up; `null` says that the
/// person has none.
///
/// # Errors
/// [`AccountError::Invalid`] when what every account has is of the wrong type.
pub(crate) fn complete(
    provider: Provider,
    mut attributes: Map<String, Value>,
    rng: &mut Rng,
) -> Result<(String, Map<String, Value>), AccountError> {
    let words = provider.words();
    let id = id_of(words, &attributes, rng)?;
    attributes.insert(words.id.to_owned(), id_value(words, &id));
    check_texts(provider, &attributes)?;
    make_up_names(words, &mut attributes, rng);
    if provider == Provider::Github {
        github::account::complete(&mut attributes, rng)?;
    } else if !attributes.contains_key(words.email) {
        let email = address(&attributes, words, rng);
        attributes.insert(words.email.to_owned(), email.into());
    }
    if provider == Provider::Linkedin {
        linkedin::account::complete(&mut attributes)?;
    }
    let has_email = attributes.get(words.email).is_some_and(Value::is_string);
    if let Some(email_verified) = words.email_verified.filter(|name| has_email && !attributes.contains_key(*name)) {
        attributes.insert(email_verified.to_owned(), true.into());
    }
    drop_what_is_not_there(provider, &mut attributes);
    Ok((id, attributes))
}

/// Lays `changes` over the attributes of an account; `null` takes an attribute away.
///
/// # Errors
/// [`AccountError::IdIsFixed`], [`AccountError::Invalid`].
pub(crate) fn change(
    provider: Provider,
    account: &Account,
    changes: Map<String, Value>,
) -> Result<Map<String, Value>, AccountError> {
    let words = provider.words();
    let mut attributes = account.attributes.clone();
    let new_email = changes.contains_key(words.email) && !changes.contains_key("emails");
    for (name, value) in changes {
        if name == words.id && text_of(&value).as_deref() != Some(&account.id) {
            return Err(AccountError::IdIsFixed);
        }
        attributes.insert(name, value);
    }
    attributes.insert(words.id.to_owned(), id_value(words, &account.id));
    check_texts(provider, &attributes)?;
    if provider == Provider::Github {
        github::account::changed(&mut attributes, new_email)?;
    }
    if provider == Provider::Linkedin {
        linkedin::account::check(&attributes)?;
    }
    drop_what_is_not_there(provider, &mut attributes);
    Ok(attributes)
}

/// `null` says that the person has none. Only a `picture` keeps it where one is made up when it is shown.
fn drop_what_is_not_there(provider: Provider, attributes: &mut Map<String, Value>) {
    let tells = |name: &str| matches!(provider, Provider::Google | Provider::Linkedin) && name == "picture";
    attributes.retain(|name, value| !value.is_null() || tells(name));
}

fn id_of(words: Words, attributes: &Map<String, Value>, rng: &mut Rng) -> Result<String, AccountError> {
    let ids = words.ids;
    match attributes.get(words.id) {
        None => {
            let rest = match ids.alphabet {
                Alphabet::Apple => format!("{}.{}", rng.hex(ids.length), rng.digits(4)),
                Alphabet::Digits => rng.digits(ids.length),
                Alphabet::Alphanumeric => rng.alphanumeric(ids.length),
                Alphabet::Hexadecimal => rng.hex(ids.length),
            };
            Ok(format!("{}{rest}", ids.beginning))
        }
        Some(given) if ids.are_numbers => {
            let number = text_of(given).and_then(|id| id.parse::<u64>().ok());
            let number = number.ok_or(AccountError::Invalid { attribute: words.id, expected: "a whole number" })?;
            Ok(number.to_string())
        }
        Some(given) => {
            let id = text_of(given).filter(|id| is_id(id));
            id.ok_or(AccountError::Invalid {
                attribute: words.id,
                expected: "text of letters, digits, \".\", \"_\" or \"-\"",
            })
        }
    }
}

/// An id as the provider's answers have it.
fn id_value(words: Words, id: &str) -> Value {
    let number = id.parse::<u64>().ok().filter(|_| words.ids.are_numbers);
    number.map_or_else(|| id.into(), Value::from)
}

/// Ids stand in paths and cookies.
fn is_id(id: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=255).contains(&id.len()) && id.chars().all(fits)
}

/// Fixtures may write an id of digits without quotes.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A generic provider may say anything.
fn check_texts(provider: Provider, attributes: &Map<String, Value>) -> Result<(), AccountError> {
    if provider == Provider::Oidc {
        return Ok(());
    }
    let words = provider.words();
    let names = [Some(words.name), words.given_name, words.family_name, Some(words.email)];
    names.into_iter().flatten().try_for_each(|name| check_text(attributes, name))
}

pub(super) fn check_text(attributes: &Map<String, Value>, attribute: &'static str) -> Result<(), AccountError> {
    let fits = attributes.get(attribute).is_none_or(|value| value.is_string() || value.is_null());
    if fits { Ok(()) } else { Err(AccountError::Invalid { attribute, expected: "text" }) }
}

/// A name and its parts follow from one another. Where a name has no parts, it is one text.
fn make_up_names(words: Words, attributes: &mut Map<String, Value>, rng: &mut Rng) {
    let has = |attributes: &Map<String, Value>, name: &str| attributes.contains_key(name);
    let text = |attributes: &Map<String, Value>, name: Option<&str>| {
        attributes.get(name?).and_then(Value::as_str).map(str::to_owned)
    };
    let put = |attributes: &mut Map<String, Value>, name: Option<&str>, value: String| {
        if let Some(name) = name.filter(|name| !value.is_empty() && !has(attributes, name)) {
            attributes.insert(name.to_owned(), value.into());
        }
    };
    if let Some(name) = text(attributes, Some(words.name)) {
        let (given, family) = name.rsplit_once(' ').unwrap_or((&name, ""));
        put(attributes, words.given_name, given.to_owned());
        put(attributes, words.family_name, family.to_owned());
        return;
    }
    let parts = [words.given_name, words.family_name];
    if !has(attributes, words.name) && !parts.into_iter().flatten().any(|name| has(attributes, name)) {
        let (given, family): (String, String) =
            (FirstName().fake_with_rng(rng.source()), LastName().fake_with_rng(rng.source()));
        put(attributes, words.given_name, given.clone());
        put(attributes, words.family_name, family.clone());
        put(attributes, Some(words.name), format!("{given} {family}"));
    }
    let parts = parts.map(|name| text(attributes, name));
    put(attributes, Some(words.name), parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
}

/// `given.family.digits@people.example`, of what letters the names have.
pub(super) fn address(attributes: &Map<String, Value>, words: Words, rng: &mut Rng) -> String {
    let text = |name: &str| attributes.get(name).and_then(Value::as_str).unwrap_or_default();
    let parts: Vec<_> = [words.given_name, words.family_name].into_iter().flatten().map(text).collect();
    let name = if parts.is_empty() { text(words.name).to_lowercase() } else { parts.join(" ").to_lowercase() };
    let letters = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let mut parts: Vec<_> = name.split_whitespace().map(letters).chain([rng.digits(4)]).collect();
    parts.retain(|part| !part.is_empty());
    format!("{}@people.example", parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn completed(provider: Provider, given: Value) -> Map<String, Value> {
        complete(provider, serde_json::from_value(given).unwrap(), &mut Rng::new(Some(7))).unwrap().1
    }

    #[test]
    fn a_seed_makes_up_the_same_person_every_time() {
        let person = completed(Provider::Google, json!({}));
        assert_eq!(person, completed(Provider::Google, json!({})));
        assert_eq!(person["sub"].as_str().map(str::len), Some(21));
        assert_eq!(person["email_verified"], json!(true));
        assert!(person["email"].as_str().unwrap().ends_with("@people.example"));
    }

    #[test]
    fn a_name_and_its_parts_follow_from_one_another() {
        let ana = completed(Provider::Facebook, json!({ "id": 1_015_801, "name": "Ana Maria Ruiz", "email": null }));
        let expected =
            json!({ "id": "1015801", "name": "Ana Maria Ruiz", "first_name": "Ana Maria", "last_name": "Ruiz" });
        assert_eq!(Value::from(ana), expected);
        assert_eq!(
            completed(Provider::Google, json!({ "given_name": "Bo", "family_name": "Lind" }))["name"],
            "Bo Lind"
        );
        assert_eq!(completed(Provider::Google, json!({ "given_name": "Bo" }))["name"], "Bo");
        assert_eq!(completed(Provider::Google, json!({ "name": null, "given_name": "Bo" })).get("name"), None);
    }

    #[test]
    fn what_cannot_be_an_account_is_refused() {
        for (given, attribute) in
            [(json!({ "sub": "a/b" }), "sub"), (json!({ "sub": [] }), "sub"), (json!({ "email": 1 }), "email")]
        {
            let refused = complete(Provider::Google, serde_json::from_value(given).unwrap(), &mut Rng::new(Some(7)));
            assert!(matches!(refused, Err(AccountError::Invalid { attribute: named, .. }) if named == attribute));
        }
    }
}
