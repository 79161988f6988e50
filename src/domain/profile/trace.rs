//! What became of each attribute at a login, and by which rule. Source: spec/profile.md §6, spec/caching.md §2 and §3.
//!
//! Every attribute that the upstream sent has exactly one line with its name in `from`. What was read out of its depth,
//! made up, or kept from earlier has lines of its own. Tokens and secrets are named but never shown.

use serde::Serialize;
use serde_json::Value;

use crate::domain::id::UserId;
use crate::time::Timestamp;

/// How much of a value is shown.
const LONGEST_SHOWN: usize = 60;

/// Parts of names whose values are never shown.
const SECRET: &[&str] = &["token", "secret", "password", "assertion", "authorization"];

/// What happened to an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    /// It, or a part of it, is kept under a name of the tenant's.
    Mapped,
    /// It is kept as the upstream named it.
    PassedThrough,
    /// It isn't kept.
    Dropped,
    /// A rule of the strategy gave it its value: the upstream didn't send it.
    Set,
    /// This login's scripts and tokens see it, nobody else does (`non_persistent_attrs`).
    Transient,
    /// The upstream sent it, but the stored value stays (`set_user_root_attributes`).
    Withheld,
    /// The upstream didn't send it, and the stored value stays.
    Kept,
    /// Nobody sent it: it is made up from something else.
    Generated,
    /// It was stored, but the upstream no longer sends it.
    Removed,
}

/// One attribute's way from the upstream to the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TraceLine {
    pub(crate) fate: Fate,
    /// The upstream's name; with a `/` in front, the place inside of an attribute that has a line of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    /// The tenant's name, several separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
    /// The value as compact JSON, cut short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    /// The rest of the sentence that begins with the attribute's name.
    pub(crate) rule: String,
}

/// The lines of one login, in the order in which things happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Trace(pub(crate) Vec<TraceLine>);

/// What became of each attribute at one login.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct LoginTrace {
    pub(crate) at: Timestamp,
    /// The connection's name.
    pub(crate) connection: String,
    /// The user id that the identity has, or would have if it weren't linked.
    pub(crate) identity: UserId,
    pub(crate) lines: Trace,
    /// What the connection's script wrote to its console: `warn: …`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) console: Vec<String>,
}

impl Trace {
    /// The attribute `from` became `to`. A second use of the same attribute is added to its line.
    pub(crate) fn mapped(&mut self, from: &str, to: &str, value: &Value, rule: &str) {
        let used = self.0.iter_mut().find(|line| line.fate == Fate::Mapped && line.from.as_deref() == Some(from));
        if let Some(before) = used.and_then(|line| line.to.as_mut()) {
            before.push_str(", ");
            before.push_str(to);
            return;
        }
        self.add(Fate::Mapped, (Some(from), Some(to)), Some(value), rule);
    }

    pub(crate) fn passed_through(&mut self, name: &str, value: &Value) {
        self.add(Fate::PassedThrough, (Some(name), Some(name)), Some(value), "passes through");
    }

    /// `why` follows "is dropped: ".
    pub(crate) fn dropped(&mut self, from: &str, value: &Value, why: &str) {
        self.add(Fate::Dropped, (Some(from), None), Some(value), &format!("is dropped: {why}"));
    }

    /// `to` has its value by a rule about the user rather than from an attribute of the upstream's.
    pub(crate) fn noted(&mut self, fate: Fate, to: &str, value: Option<&Value>, rule: &str) {
        self.add(fate, (None, Some(to)), value, rule);
    }

    /// What was to become `to` has another fate after all; `why` is added to its rule.
    pub(crate) fn turn(&mut self, to: &str, fate: Fate, why: &str) {
        for line in &mut self.0 {
            let Some(names) = &line.to else { continue };
            if names == to {
                line.fate = fate;
                line.rule = format!("{}; {why}", line.rule);
            } else if names.split(", ").any(|name| name == to) {
                line.rule = format!("{}; as for the {to}, {why}", line.rule);
            }
        }
    }

    fn add(&mut self, fate: Fate, (from, to): (Option<&str>, Option<&str>), value: Option<&Value>, rule: &str) {
        let value = value.and_then(|value| shown(from.or(to).unwrap_or_default(), value));
        let owned = |name: Option<&str>| name.map(str::to_owned);
        self.0.push(TraceLine { fate, from: owned(from), to: owned(to), value, rule: rule.to_owned() });
    }
}

/// A value for people to read: short, and none that opens anything.
fn shown(name: &str, value: &Value) -> Option<String> {
    let name = name.to_lowercase();
    let is_secret = SECRET.iter().any(|part| name.contains(part)) && !value.is_boolean();
    // What begins so is a signed or encrypted token (base64url of `{"`).
    if is_secret || value.as_str().is_some_and(|text| text.starts_with("eyJ")) {
        return None;
    }
    let text = without_secrets(value.clone()).to_string();
    let mut short: String = text.chars().take(LONGEST_SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    Some(short)
}

fn without_secrets(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let shown = shown(&name, &value).map_or_else(|| "(hidden)".into(), |_| without_secrets(value));
                (name, shown)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(without_secrets).collect(),
        Value::String(text) if text.starts_with("eyJ") => "(hidden)".into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_shown_short_and_secrets_never() {
        assert_eq!(shown("name", &json!("Ana")).as_deref(), Some("\"Ana\""));
        assert_eq!(shown("bio", &json!("é".repeat(90))).unwrap().chars().count(), LONGEST_SHOWN + 1);
        for (name, value) in [("access_token", "ya29"), ("clientSecret", "s"), ("any", "eyJhbGciOi.e30.x")] {
            assert_eq!(shown(name, &json!(value)), None, "{name}");
        }
        let nested = json!({ "a": [{ "refresh_token": "r" }], "b": "eyJx" });
        assert_eq!(shown("x", &nested).unwrap(), r#"{"a":[{"refresh_token":"(hidden)"}],"b":"(hidden)"}"#);
    }

    #[test]
    fn a_second_use_of_an_attribute_is_on_its_line() {
        let mut trace = Trace::default();
        trace.mapped("login", "nickname", &json!("ana"), "is renamed");
        trace.mapped("login", "name", &json!("ana"), "is renamed");
        trace.turn("name", Fate::Withheld, "the stored one stays");
        let line = json!({ "fate": "mapped", "from": "login", "to": "nickname, name", "value": "\"ana\"",
            "rule": "is renamed; as for the name, the stored one stays" });
        assert_eq!(serde_json::to_value(&trace).unwrap(), json!([line]));
    }
}
