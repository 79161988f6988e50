//! Something that was read about a person, and what a step may expect of it.

use crate::gherkin::report::{Failure, worded};
use serde_json::{Map, Value};

/// A profile, a token's claims, an answer: names and values, and how to call the whole.
#[derive(Debug, Clone)]
pub struct Document {
    name: String,
    members: Map<String, Value>,
}

impl Document {
    /// `name` completes "expected … of": `the profile of "ana"`.
    pub fn new(name: String, members: Map<String, Value>) -> Self {
        Self { name, members }
    }

    /// An attribute, by its name or by a path with dots (`identities.0.provider`).
    pub fn get(&self, attribute: &str) -> Option<&Value> {
        self.members.get(attribute).or_else(|| {
            let mut parts = attribute.split('.');
            let first = self.members.get(parts.next()?)?;
            parts.try_fold(first, |value, part| match value {
                Value::Array(items) => items.get(part.parse::<usize>().ok()?),
                other => other.get(part),
            })
        })
    }

    /// The attribute has this value.
    ///
    /// # Errors
    /// A [`Failure`] with the value found and the whole document.
    pub fn expect(&self, attribute: &str, expected: &Value) -> Result<(), Failure> {
        let found = self.get(attribute);
        self.check(found == Some(expected), attribute, &format!("to be {expected}"))
    }

    /// The attribute has some value.
    ///
    /// # Errors
    /// As [`Document::expect`].
    pub fn expect_some(&self, attribute: &str) -> Result<(), Failure> {
        let empty = matches!(self.get(attribute), None | Some(Value::Null));
        self.check(!empty, attribute, "to be there")
    }

    /// The attribute is not there at all, not even as `null`.
    ///
    /// # Errors
    /// As [`Document::expect`].
    pub fn expect_none(&self, attribute: &str) -> Result<(), Failure> {
        self.check(self.get(attribute).is_none(), attribute, "not to be there")
    }

    /// The attribute is a text that `pattern` describes. In it `{24 hex digits}` stands for so many of them, `{time}` for a
    /// time with milliseconds, `{anything}` for one character or more.
    ///
    /// # Errors
    /// As [`Document::expect`].
    pub fn expect_like(&self, attribute: &str, pattern: &str) -> Result<(), Failure> {
        let like = self.get(attribute).and_then(Value::as_str).is_some_and(|text| fits(text, pattern));
        self.check(like, attribute, &format!("to be like {pattern:?}"))
    }

    /// These attributes are there and no others.
    ///
    /// # Errors
    /// As [`Document::expect`].
    pub fn expect_only(&self, attributes: &[&str]) -> Result<(), Failure> {
        let missing: Vec<_> = attributes.iter().filter(|name| !self.members.contains_key(**name)).collect();
        let surplus: Vec<_> = self.members.keys().filter(|name| !attributes.contains(&name.as_str())).collect();
        if missing.is_empty() && surplus.is_empty() {
            return Ok(());
        }
        let expected = format!("{} to have only {}", self.name, attributes.join(", "));
        Err(self.failure(expected, format!("{missing:?} missing and {surplus:?} besides")))
    }

    fn check(&self, fine: bool, attribute: &str, expected: &str) -> Result<(), Failure> {
        if fine {
            return Ok(());
        }
        let expected = format!("{attribute:?} of {} {expected}", self.name);
        Err(self.failure(expected, worded(self.get(attribute))))
    }

    fn failure(&self, expected: String, found: String) -> Failure {
        let whole = serde_json::to_string_pretty(&self.members).unwrap_or_default();
        Failure::new(expected, found).with(self.name.clone(), whole)
    }
}

/// Whether a text is what a pattern describes. In a pattern `{24 hex digits}` stands for so many of them, `{time}` for a
/// time as the Management API writes it (`2031-05-04T10:00:26.187Z`), `{anything}` for one character or more.
pub(crate) fn fits(text: &str, pattern: &str) -> bool {
    let Some((literal, rest)) = pattern.split_once('{') else { return text == pattern };
    let (Some(text), Some((wanted, rest))) = (text.strip_prefix(literal), rest.split_once('}')) else { return false };
    let length = match wanted {
        "anything" => {
            return text.char_indices().skip(1).any(|(at, _)| ends(text, at, rest))
                || ends(text, text.len(), rest) && !text.is_empty();
        }
        "time" => "2031-05-04T10:00:26.187Z".len(),
        digits => digits.split_once(' ').and_then(|(number, _)| number.parse().ok()).unwrap_or(usize::MAX),
    };
    let Some((found, after)) = text.split_at_checked(length) else { return false };
    let right = match wanted {
        "time" => is_time(found),
        _ => found.chars().all(|char| char.is_ascii_hexdigit()),
    };
    right && fits(after, rest)
}

fn ends(text: &str, at: usize, pattern: &str) -> bool {
    text.get(at..).is_some_and(|rest| fits(rest, pattern))
}

fn is_time(text: &str) -> bool {
    let shape = "0000-00-00T00:00:00.000Z";
    text.len() == shape.len()
        && text.chars().zip(shape.chars()).all(|(char, like)| char == like || (like == '0' && char.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, pattern: &str, expected: bool) {
        assert_eq!(fits(text, pattern), expected, "{text} like {pattern}");
    }

    #[test]
    fn patterns() {
        check("auth0|6a0f7c4a8869daf88ed7db97", "auth0|{24 hex digits}", true);
        check("auth0|6a0f7c4a8869daf88ed7db9", "auth0|{24 hex digits}", false);
        check("auth0|6a0f7c4a8869daf88ed7db97x", "auth0|{24 hex digits}", false);
        check("2031-05-04T10:00:26.187Z", "{time}", true);
        check("2031-05-04", "{time}", false);
        check("https://s.example/avatar/x?d=y", "https://s.example/{anything}?d=y", true);
        check("https://s.example/?d=y", "https://s.example/{anything}?d=y", false);
        check("", "{anything}", false);
        check("x", "{anything}", true);
    }

    #[test]
    fn a_path_leads_into_lists_and_objects() {
        let members = json!({ "identities": [{ "provider": "facebook" }], "https://a.example/b.c": 1 });
        let document = Document::new("it".to_owned(), serde_json::from_value(members).unwrap());
        assert!(document.expect("identities.0.provider", &json!("facebook")).is_ok());
        assert!(document.expect("https://a.example/b.c", &json!(1)).is_ok());
        assert!(document.expect_none("identities.1").is_ok());
        assert!(document.expect_only(&["identities"]).is_err());
    }
}
