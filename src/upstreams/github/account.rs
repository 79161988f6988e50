//! What every GitHub account has: a login, and e-mail addresses of which the public may see one.
//! Source: spec/upstreams.md §6.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::time::Rng;
use crate::upstreams::accounts;
use crate::upstreams::accounts::AccountError;
use crate::upstreams::provider::Provider;

const LOGIN: &str = "login";
const EMAIL: &str = "email";
/// The addresses as `/user/emails` lists them.
const EMAILS: &str = "emails";

/// Makes up a login, and an address that only the person sees, where they are missing. An `email` without `emails` is
/// the primary address as well as the public one; `emails: null` is nobody's at GitHub, but may be tried out.
///
/// # Errors
/// [`AccountError::Invalid`] when what is given is of the wrong type.
pub(in crate::upstreams) fn complete(attributes: &mut Map<String, Value>, rng: &mut Rng) -> Result<(), AccountError> {
    if !attributes.contains_key(LOGIN) {
        let login = login(attributes, rng);
        attributes.insert(LOGIN.to_owned(), login.into());
    }
    if !attributes.contains_key(EMAILS) {
        let public = attributes.get(EMAIL).and_then(Value::as_str).map(str::to_owned);
        let address = public.unwrap_or_else(|| accounts::address(attributes, Provider::Github.words(), rng));
        attributes.insert(EMAILS.to_owned(), json!([{ "email": address }]));
    }
    settle(attributes)
}

/// Sets right what follows from a change. `new_email` says that `email` changed and `emails` didn't: the public address
/// then becomes the primary one.
///
/// # Errors
/// [`AccountError::Invalid`] when what is given is of the wrong type.
pub(in crate::upstreams) fn changed(attributes: &mut Map<String, Value>, new_email: bool) -> Result<(), AccountError> {
    let public = attributes.get(EMAIL).and_then(Value::as_str).map(str::to_owned);
    if let Some(public) = public.filter(|_| new_email) {
        let list = attributes.entry(EMAILS).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.iter_mut().filter_map(Value::as_object_mut).for_each(|entry| {
                entry.insert("primary".to_owned(), false.into());
            });
            list.retain(|entry| entry.get("email").and_then(Value::as_str) != Some(&public));
            list.insert(0, json!({ "email": public, "primary": true }));
        }
    }
    settle(attributes)
}

/// The address that mails go to.
pub(in crate::upstreams) fn primary_email(attributes: &Map<String, Value>) -> Option<&str> {
    let is_primary = |entry: &&Value| entry.get("primary") == Some(&Value::Bool(true));
    entries(attributes).find(is_primary)?.get("email")?.as_str()
}

/// Whether the primary address is confirmed. Who has none has nothing to confirm.
pub(super) fn is_verified(attributes: &Map<String, Value>) -> bool {
    let primary = |entry: &&Value| entry.get("primary") == Some(&Value::Bool(true));
    entries(attributes).find(primary).is_none_or(|entry| entry.get("verified") == Some(&Value::Bool(true)))
}

/// The names that people sign in with.
pub(in crate::upstreams) fn known_by(attributes: &Map<String, Value>) -> Vec<(&'static str, &str)> {
    let login = attributes.get(LOGIN).and_then(Value::as_str).map(|login| (LOGIN, login));
    let emails = entries(attributes).filter_map(|entry| Some((EMAIL, entry.get("email")?.as_str()?)));
    login.into_iter().chain(emails).collect()
}

fn entries(attributes: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    attributes.get(EMAILS).and_then(Value::as_array).into_iter().flatten()
}

/// Checks the types, and fills in what each address has: the first is the primary one unless another is, all are
/// confirmed unless they say otherwise.
fn settle(attributes: &mut Map<String, Value>) -> Result<(), AccountError> {
    if !attributes.get(LOGIN).and_then(Value::as_str).is_some_and(is_login) {
        return Err(AccountError::Invalid { attribute: LOGIN, expected: "letters, digits and hyphens" });
    }
    let public = attributes.get(EMAIL).and_then(Value::as_str).map(str::to_owned);
    let list = match attributes.get_mut(EMAILS) {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(AccountError::Invalid { attribute: EMAILS, expected: "a list" }),
    };
    let mut has_primary = list.iter().any(|entry| entry.get("primary") == Some(&Value::Bool(true)));
    for entry in list {
        let whole = settled(entry, !has_primary, public.as_deref());
        let expected = "a list of objects with \"email\", each with one text";
        *entry = whole.ok_or(AccountError::Invalid { attribute: EMAILS, expected })?;
        has_primary = true;
    }
    Ok(())
}

fn settled(entry: &Value, primary: bool, public: Option<&str>) -> Option<Value> {
    let email = entry.get("email")?.as_str()?;
    let flag = |name: &str, usual: bool| entry.get(name).and_then(Value::as_bool).unwrap_or(usual);
    let primary = flag("primary", primary);
    let visibility = match entry.get("visibility") {
        Some(Value::String(given)) => Value::from(given.as_str()),
        _ if public == Some(email) => "public".into(),
        _ if primary => "private".into(),
        _ => Value::Null,
    };
    let verified = flag("verified", true);
    Some(json!({ "email": email, "primary": primary, "verified": verified, "visibility": visibility }))
}

fn is_login(text: &str) -> bool {
    (1..=39).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// `anaruiz4711`, of what letters the name has.
fn login(attributes: &Map<String, Value>, rng: &mut Rng) -> String {
    let name = attributes.get("name").and_then(Value::as_str).unwrap_or("user").to_lowercase();
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).take(30).collect();
    format!("{letters}{}", rng.digits(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn completed(given: Value) -> Value {
        let mut attributes = serde_json::from_value(given).unwrap();
        complete(&mut attributes, &mut Rng::new(Some(7))).unwrap();
        attributes.into()
    }

    #[test]
    fn an_address_given_alone_is_the_public_and_the_primary_one() {
        let ana = completed(json!({ "login": "ana", "email": "ana@people.example" }));
        let entry = json!({ "email": "ana@people.example", "primary": true, "verified": true, "visibility": "public" });
        assert_eq!(ana["emails"], json!([entry]));
    }

    #[test]
    fn addresses_are_private_unless_they_are_shown() {
        let bo = completed(json!({ "name": "Bo Lind" }));
        assert_eq!((bo.get("email"), &bo["emails"][0]["visibility"]), (None, &json!("private")));
        assert!(bo["login"].as_str().unwrap().starts_with("bolind"));
        assert!(bo["emails"][0]["email"].as_str().unwrap().starts_with("bo.lind."));
        let emails = json!([{ "email": "a@x.example", "verified": false }, { "email": "b@x.example" }]);
        let cai = completed(json!({ "login": "cai", "emails": emails }));
        assert_eq!((&cai["emails"][0]["primary"], &cai["emails"][1]["primary"]), (&json!(true), &json!(false)));
        assert_eq!((&cai["emails"][0]["verified"], &cai["emails"][1]["verified"]), (&json!(false), &json!(true)));
        assert_eq!(cai["emails"][1]["visibility"], Value::Null);
    }

    #[test]
    fn a_new_public_address_becomes_the_primary_one() {
        let mut ana = completed(json!({ "login": "ana", "email": "ana@people.example" }));
        let attributes = ana.as_object_mut().unwrap();
        attributes.insert("email".into(), "new@people.example".into());
        changed(attributes, true).unwrap();
        assert_eq!(primary_email(attributes), Some("new@people.example"));
        assert_eq!(known_by(attributes).len(), 3);
    }

    #[test]
    fn what_is_no_list_of_addresses_is_refused() {
        for given in [
            json!({ "emails": "a@x.example" }),
            json!({ "emails": [{ "primary": true }] }),
            json!({ "login": "a b" }),
            json!({ "login": null }),
        ] {
            let mut attributes = serde_json::from_value(given.clone()).unwrap();
            assert!(complete(&mut attributes, &mut Rng::new(Some(7))).is_err(), "{given}");
        }
    }
}
