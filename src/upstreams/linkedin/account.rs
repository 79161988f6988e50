//! What every LinkedIn account has: a language and a country. Source: spec/upstreams.md §3.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::accounts::Account;
use crate::upstreams::accounts::AccountError;

/// Makes up the language where it is missing.
///
/// # Errors
/// As [`check`].
pub(in crate::upstreams) fn complete(attributes: &mut Map<String, Value>) -> Result<(), AccountError> {
    attributes.entry("locale").or_insert_with(|| json!({ "country": "US", "language": "en" }));
    check(attributes)
}

/// Checks what is wrapped.
///
/// # Errors
/// [`AccountError::Invalid`] when the locale is not an object of two texts.
pub(in crate::upstreams) fn check(attributes: &Map<String, Value>) -> Result<(), AccountError> {
    let expected = "an object with \"country\" and \"language\"";
    match attributes.get("locale") {
        None | Some(Value::Null) => Ok(()),
        Some(locale) if ["country", "language"].iter().all(|part| locale.get(part).is_some_and(Value::is_string)) => {
            Ok(())
        }
        Some(_) => Err(AccountError::Invalid { attribute: "locale", expected }),
    }
}

/// The locale in one text, as ID tokens and names by language have it: `en_US`.
pub(super) fn locale(account: &Account) -> Option<String> {
    let part = |part: &str| account.attributes.get("locale")?.get(part)?.as_str();
    Some(format!("{}_{}", part("language")?, part("country")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_has_two_parts() {
        let mut attributes = Map::new();
        complete(&mut attributes).unwrap();
        assert_eq!(attributes["locale"], json!({ "country": "US", "language": "en" }));
        for locale in [json!("en_US"), json!({ "language": "en" })] {
            attributes.insert("locale".into(), locale);
            assert!(check(&attributes).is_err());
        }
    }
}
