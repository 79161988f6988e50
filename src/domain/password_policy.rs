//! How strong the passwords of a database must be, and the checklist of what one lacks.
//! Source: spec/authentication-api.md §8.

use std::fmt::Write as _;

use serde_json::Value;
use serde_json::json;

use crate::domain::connection::Connection;

/// What a database asks of passwords (`options.passwordPolicy`, `options.password_complexity_options`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    least: usize,
    /// At least three of lower case, upper case, digits and special characters; or the first three of them all.
    classes: Classes,
    /// No more than two identical characters in a row.
    no_runs: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Classes {
    Any,
    LowerUpperDigits,
    ThreeOfFour,
}

/// One rule of a policy, held against a password.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    /// As the real service words it, with `%d` and `%s` for what `format` holds.
    message: &'static str,
    format: Vec<Value>,
    code: &'static str,
    items: Vec<Rule>,
    pub(crate) verified: bool,
}

impl Policy {
    /// The policy of a database connection: `good` when it says nothing.
    pub(crate) fn of(connection: &Connection) -> Self {
        let (least, classes, no_runs) = match connection.text_option("passwordPolicy") {
            Some("none") => (1, Classes::Any, false),
            Some("low") => (6, Classes::Any, false),
            Some("fair") => (8, Classes::LowerUpperDigits, false),
            Some("excellent") => (10, Classes::ThreeOfFour, true),
            _ => (8, Classes::ThreeOfFour, false),
        };
        let options = connection.options.get("password_complexity_options");
        let least_set = options.and_then(|options| options.get("min_length")).and_then(Value::as_u64);
        let least_set = least_set.and_then(|least| usize::try_from(least).ok());
        Self { least: least_set.unwrap_or(least), classes, no_runs }
    }

    /// Every rule, each with whether the password keeps it.
    pub(crate) fn rules(&self, given: &str) -> Vec<Rule> {
        let mut rules = vec![Rule {
            message: "At least %d characters in length",
            format: vec![self.least.into()],
            code: "lengthAtLeast",
            items: Vec::new(),
            verified: given.chars().count() >= self.least,
        }];
        rules.extend(self.class_rule(given));
        if self.no_runs {
            rules.push(Rule {
                message: "No more than %d identical characters in a row (e.g., \"%s\" not allowed)",
                format: vec![2.into(), "aaa".into()],
                code: "identicalChars",
                items: Vec::new(),
                verified: !has_run_of_three(given),
            });
        }
        rules
    }

    fn class_rule(&self, given: &str) -> Option<Rule> {
        let class = |message, verified| Rule { message, format: vec![], code: "", items: vec![], verified };
        let mut items = vec![
            class("lower case letters (a-z)", given.chars().any(|c| c.is_ascii_lowercase())),
            class("upper case letters (A-Z)", given.chars().any(|c| c.is_ascii_uppercase())),
            class("numbers (i.e. 0-9)", given.chars().any(|c| c.is_ascii_digit())),
        ];
        let kept = |items: &[Rule]| items.iter().filter(|rule| rule.verified).count();
        match self.classes {
            Classes::Any => None,
            Classes::LowerUpperDigits => {
                let verified = kept(&items) == 3;
                Some(Rule { message: "Should contain:", format: vec![], code: "shouldContain", items, verified })
            }
            Classes::ThreeOfFour => {
                items.push(class("special characters (e.g. !@#$%^&*)", given.chars().any(is_special)));
                let verified = kept(&items) >= 3;
                Some(Rule {
                    message: "Contain at least %d of the following %d types of characters:",
                    format: vec![3.into(), 4.into()],
                    code: "containsAtLeast",
                    items,
                    verified,
                })
            }
        }
    }
}

impl Rule {
    /// As `PasswordStrengthError` carries it.
    pub(crate) fn to_json(&self) -> Value {
        let mut rule = json!({ "message": self.message });
        if let Some(members) = rule.as_object_mut() {
            if !self.format.is_empty() {
                members.insert("format".to_owned(), self.format.clone().into());
            }
            if !self.code.is_empty() {
                members.insert("code".to_owned(), self.code.into());
            }
            if !self.items.is_empty() {
                members.insert("items".to_owned(), self.items.iter().map(Self::to_json).collect());
            }
            members.insert("verified".to_owned(), self.verified.into());
        }
        rule
    }

    /// The rule as people read it.
    pub(crate) fn text(&self) -> String {
        let mut values = self.format.iter();
        let mut text = String::new();
        let mut rest = self.message;
        while let Some((before, after)) = rest.split_once('%') {
            text.push_str(before);
            if let (Some(value), Some(after)) = (values.next(), after.strip_prefix(['d', 's'])) {
                text.push_str(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                rest = after;
            } else {
                text.push('%');
                rest = after;
            }
        }
        text + rest
    }

    /// The rule and what it lists.
    pub(crate) fn items(&self) -> &[Self] {
        &self.items
    }
}

/// The policy as one text, a line a rule (`policy` of `PasswordStrengthError`).
pub(crate) fn policy_text(rules: &[Rule]) -> String {
    let mut text = String::new();
    for rule in rules {
        // Writing to a String can't fail.
        let _ = write!(text, "{}* {}", if text.is_empty() { "" } else { "\n" }, rule.text());
        for item in rule.items() {
            let _ = write!(text, "\n * {}", item.text());
        }
    }
    text
}

fn is_special(c: char) -> bool {
    c.is_ascii_punctuation() || c == ' '
}

fn has_run_of_three(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    characters.windows(3).any(|three| three.iter().all(|c| Some(c) == three.first()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(name: &str) -> Policy {
        let connection =
            json!({ "id": "con_1", "name": "db", "strategy": "auth0", "options": { "passwordPolicy": name } });
        Policy::of(&serde_json::from_value(connection).unwrap())
    }

    #[test]
    fn each_policy_takes_what_is_strong_enough() {
        for (name, given, fine) in [
            ("none", "a", true),
            ("none", "", false),
            ("low", "abcde", false),
            ("low", "abcdef", true),
            ("fair", "abcdefgH", false),
            ("fair", "abcdefH1", true),
            ("good", "abcdefH!", true),
            ("good", "abcdefgh", false),
            ("excellent", "abcdefgH1!", true),
            ("excellent", "abcdefaaa1H", false),
        ] {
            let rules = policy(name).rules(given);
            assert_eq!(rules.iter().all(|rule| rule.verified), fine, "{name} {given}");
        }
    }

    #[test]
    fn the_policy_is_worded_as_the_real_one() {
        let expected = "* At least 8 characters in length\n* Should contain:\n * lower case letters (a-z)\n \
                        * upper case letters (A-Z)\n * numbers (i.e. 0-9)";
        assert_eq!(policy_text(&policy("fair").rules("")), expected);
        let first = policy("fair").rules("").remove(0).to_json();
        let expected = json!({ "message": "At least %d characters in length", "format": [8], "code": "lengthAtLeast", "verified": false });
        assert_eq!(first, expected);
    }
}
