//! The words in steps that stand for something: `{person}`, `{provider}`, `{value}`, …

use cucumber::Parameter;
use serde_json::Value;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// Somebody, by the name a scenario gives them: `"ana"`. A machine has a name too, its `client_id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Parameter)]
#[param(name = "person", regex = r#""([^"]*)""#)]
pub struct Person(pub String);

/// Who keeps the account that is signed in with: `database`, `Google`, `Facebook`, `GitHub`, `LinkedIn`, `Microsoft`,
/// `OpenID`, `Apple`; the connection's name in quotes (`"google-oauth2"`) says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Parameter)]
#[param(
    name = "provider",
    regex = r#"database|Google|Facebook|GitHub|LinkedIn|Microsoft|OpenID|Apple|"(?:Username-Password-Authentication|google-oauth2|facebook|github|linkedin|windowslive|acme-oidc|apple)""#
)]
pub enum IdentityProvider {
    /// The tenant itself.
    Database,
    /// The fake Google.
    Google,
    /// The fake Facebook.
    Facebook,
    /// The fake GitHub.
    GitHub,
    /// The fake LinkedIn.
    LinkedIn,
    /// The fake Microsoft, for personal accounts.
    Microsoft,
    /// The fake generic OpenID provider.
    OpenId,
    /// The fake Apple.
    Apple,
}

/// Where something about a person is read: `profile` (over the Management API), `ID token`, `access token`,
/// `userinfo`, `token answer` (the body that the token endpoint answered with).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "reading", regex = "profile|ID token|access token|userinfo|token answer")]
pub enum Reading {
    /// The stored user.
    Profile,
    /// The ID token of the last login, checked.
    IdToken,
    /// The access token of the last login, if it is a JWT.
    AccessToken,
    /// What `/userinfo` answers now.
    Userinfo,
    /// What the token endpoint answered.
    TokenAnswer,
}

/// A value, as JSON writes it: `"text"`, `4711`, `true`, `["a", "b"]`, `{"a": 1}`. In a text, `{issuer}` stands for the
/// tenant's issuer, `{client}` for the app's id and `{Google sub}` for what that provider's account says.
#[derive(Debug, Clone, PartialEq, Parameter)]
#[param(name = "value", regex = r#""(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|\[.*\]|\{.*\}"#)]
pub struct Given(pub Value);

/// A stretch of time: `25 hours`, `1 second`, `3 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "duration", regex = r"\d+ (?:second|minute|hour|day)s?")]
pub struct Duration {
    seconds: u64,
}

impl FromStr for Person {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Person {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.0)
    }
}

impl IdentityProvider {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Database,
        Self::Google,
        Self::Facebook,
        Self::GitHub,
        Self::LinkedIn,
        Self::Microsoft,
        Self::OpenId,
        Self::Apple,
    ];

    /// The name in steps.
    pub fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Google => "Google",
            Self::Facebook => "Facebook",
            Self::GitHub => "GitHub",
            Self::LinkedIn => "LinkedIn",
            Self::Microsoft => "Microsoft",
            Self::OpenId => "OpenID",
            Self::Apple => "Apple",
        }
    }

    /// The control API's word for it.
    pub fn at(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Google => "google",
            Self::Facebook => "facebook",
            Self::GitHub => "github",
            Self::LinkedIn => "linkedin",
            Self::Microsoft => "microsoft",
            Self::OpenId => "oidc",
            Self::Apple => "apple",
        }
    }

    /// The name of the connection to it.
    pub fn connection(self) -> &'static str {
        match self {
            Self::Database => "Username-Password-Authentication",
            Self::Google => "google-oauth2",
            Self::Facebook => "facebook",
            Self::GitHub => "github",
            Self::LinkedIn => "linkedin",
            Self::Microsoft => "windowslive",
            Self::OpenId => "acme-oidc",
            Self::Apple => "apple",
        }
    }
}

impl FromStr for IdentityProvider {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim_matches('"');
        let known = Self::ALL.into_iter().find(|provider| text == provider.name() || text == provider.connection());
        known.ok_or_else(|| format!("no provider is called {text:?}"))
    }
}

impl Reading {
    /// The name in steps.
    pub fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::IdToken => "ID token",
            Self::AccessToken => "access token",
            Self::Userinfo => "userinfo",
            Self::TokenAnswer => "token answer",
        }
    }
}

impl FromStr for Reading {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Profile, Self::IdToken, Self::AccessToken, Self::Userinfo, Self::TokenAnswer];
        all.into_iter().find(|reading| reading.name() == text).ok_or_else(|| format!("can't read the {text}"))
    }
}

impl FromStr for Given {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|error| format!("{text} is no value: {error}"))
    }
}

impl Duration {
    /// Its length.
    pub fn seconds(self) -> u64 {
        self.seconds
    }

    /// As the control API takes it: `PT90S`.
    pub fn iso(self) -> String {
        format!("PT{}S", self.seconds)
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = text.split_once(' ').ok_or("a number and a unit are wanted")?;
        let number: u64 = number.parse().map_err(|_| format!("{number} is no number"))?;
        let unit_seconds = match unit.trim_end_matches('s') {
            "second" => 1,
            "minute" => 60,
            "hour" => 60 * 60,
            "day" => 24 * 60 * 60,
            _ => return Err(format!("{unit} is no unit of time")),
        };
        let seconds = number.checked_mul(unit_seconds).ok_or_else(|| format!("{text} is too long"))?;
        Ok(Self { seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_keeps_its_type() {
        assert_eq!("\"4711\"".parse::<Given>().unwrap().0, json!("4711"));
        assert_eq!("4711".parse::<Given>().unwrap().0, json!(4711));
        assert_eq!("[\"a\", true]".parse::<Given>().unwrap().0, json!(["a", true]));
    }

    #[test]
    fn durations_are_iso_8601() {
        assert_eq!("25 hours".parse::<Duration>().unwrap().iso(), "PT90000S");
        assert_eq!("1 day".parse::<Duration>().unwrap().seconds(), 86_400);
    }

    #[test]
    fn a_provider_goes_by_its_connection_too() {
        assert_eq!("Google".parse(), Ok(IdentityProvider::Google));
        assert_eq!("\"google-oauth2\"".parse(), Ok(IdentityProvider::Google));
    }
}
