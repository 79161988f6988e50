//! Parameters of a query, a form or a flat JSON body, each at most once. Source: RFC 6749 §3.1 and §3.2.

use std::fmt;

use serde::Deserializer as _;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde_json::Value;

/// How many parameters a request may have.
const MOST: usize = 100;

/// Named texts, in the order they were sent. None is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameters(Vec<(String, String)>);

/// What is wrong with parameters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParametersError {
    /// RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once."
    #[error("the parameter {0} is there twice")]
    Doubled(String),
    #[error("there are more than {MOST} parameters")]
    TooMany,
    #[error("the parameter {0} is no text")]
    NotText(String),
    #[error("the body is no JSON object")]
    NotJson,
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text: a query or the body of a form. What isn't UTF-8 is replaced.
    ///
    /// # Errors
    /// [`ParametersError::Doubled`], [`ParametersError::TooMany`].
    pub(crate) fn of_form(text: &[u8]) -> Result<Self, ParametersError> {
        let mut parameters = Self::default();
        for (name, value) in url::form_urlencoded::parse(text) {
            parameters.add(name.into_owned(), value.into_owned())?;
        }
        Ok(parameters)
    }

    /// Reads a JSON object of texts, numbers and booleans; a `null` counts as not sent.
    ///
    /// # Errors
    /// [`ParametersError`]
    pub(crate) fn of_json(text: &[u8]) -> Result<Self, ParametersError> {
        let mut json = serde_json::Deserializer::from_slice(text);
        let parameters = json.deserialize_map(Members).map_err(|_| ParametersError::NotJson)?;
        json.end().map_err(|_| ParametersError::NotJson)?;
        parameters
    }

    /// The value of a parameter. One without a value counts as not sent (RFC 6749 §3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Whether a parameter was sent, with a value or without.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Parameters that have a value, in the order they were sent.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|(_, value)| !value.is_empty())
    }

    fn add(&mut self, name: String, value: String) -> Result<(), ParametersError> {
        if self.0.len() == MOST {
            return Err(ParametersError::TooMany);
        }
        if self.0.iter().any(|(known, _)| *known == name) {
            return Err(ParametersError::Doubled(name));
        }
        self.0.push((name, value));
        Ok(())
    }
}

/// Collects the members of a JSON object. serde's own maps would let the last of two win.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Result<Parameters, ParametersError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut parameters = Ok(Parameters::default());
        while let Some((name, value)) = members.next_entry::<String, Value>()? {
            // The rest is read to its end, so that broken JSON is told before what is wrong with its members.
            parameters = parameters.and_then(|mut parameters| {
                let value = match value {
                    Value::Null => return Ok(parameters),
                    Value::String(text) => text,
                    Value::Bool(flag) => flag.to_string(),
                    Value::Number(number) => number.to_string(),
                    Value::Array(_) | Value::Object(_) => return Err(ParametersError::NotText(name)),
                };
                parameters.add(name, value)?;
                Ok(parameters)
            });
        }
        Ok(parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_gives_its_texts_in_order() {
        let parameters = Parameters::of_form(b"scope=openid+email&state=%C3%A4&empty=&flag").unwrap();
        let pairs: Vec<_> = parameters.pairs().collect();
        assert_eq!(pairs, [("scope", "openid email"), ("state", "ä")]);
        assert_eq!((parameters.get("flag"), parameters.has("flag")), (None, true));
    }

    #[test]
    fn json_gives_the_same() {
        let parameters = Parameters::of_json(br#"{"grant_type":"password","n":3,"b":true,"nil":null}"#).unwrap();
        let pairs: Vec<_> = parameters.pairs().collect();
        assert_eq!(pairs, [("grant_type", "password"), ("n", "3"), ("b", "true")]);
    }

    #[test]
    fn what_is_sent_twice_is_refused() {
        let doubled = Err(ParametersError::Doubled("a".to_owned()));
        assert_eq!(Parameters::of_form(b"a=1&b=2&a="), doubled);
        assert_eq!(Parameters::of_json(br#"{"a":"1","a":"1"}"#), doubled);
    }

    #[test]
    fn what_is_no_flat_object_is_refused() {
        for broken in ["", "[]", "{", r#"{"a":1"#, r#"{"a":1} x"#, r#""a""#, r#"{"a":"1","a":"2""#] {
            assert_eq!(Parameters::of_json(broken.as_bytes()), Err(ParametersError::NotJson), "{broken}");
        }
        let nested = Parameters::of_json(br#"{"scope":["openid"]}"#);
        assert_eq!(nested, Err(ParametersError::NotText("scope".to_owned())));
        let many = (0..101).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
        assert_eq!(Parameters::of_form(many.as_bytes()), Err(ParametersError::TooMany));
    }
}
