//! What a test expects of the journal: calls of a kind, so many of them, in an order.

use std::fmt;
use std::fmt::Display;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::journal::Direction;
use crate::http::journal::Entry;
use crate::http::journal::mask;
use crate::http::journal::reading::Reading;

/// How large an expectation may be, in bytes of JSON.
const MOST_BYTES: usize = 4 * 1024;

/// Calls of a kind. What is not given may be anything; a value of `*` may be anything that is there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Pattern {
    /// `in` (to the tenant and its fakes) or `out` (from the tenant).
    pub(crate) direction: Option<Direction>,
    /// `tenant`, a fake's name, or a host outside.
    pub(crate) party: Option<String>,
    pub(crate) method: Option<String>,
    /// `*` stands for anything: `/api/v2/*`. Below a fake, the path that the fake sees: `/token`.
    pub(crate) path: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) client_id: Option<String>,
    /// Parameters of the query.
    #[schema(value_type = Object)]
    pub(crate) query: Map<String, Value>,
    /// Members of the form or JSON object that was sent.
    #[schema(value_type = Object)]
    pub(crate) body: Map<String, Value>,
    /// Headers of the request.
    #[schema(value_type = Object)]
    pub(crate) headers: Map<String, Value>,
}

/// So many calls of a kind; at least one, if nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expectation {
    pub(crate) call: Pattern,
    pub(crate) exactly: Option<usize>,
    pub(crate) at_least: Option<usize>,
    pub(crate) at_most: Option<usize>,
}

/// What an entry differs in from a pattern: where, what was expected, what was there. Secrets are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Difference {
    /// `method`, `path`, `query.state`, `body.grant_type`, …
    pub(crate) at: String,
    pub(crate) expected: String,
    pub(crate) found: String,
}

/// What makes an expectation none. Display says it to a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpectationError {
    #[error("\"exactly\" says it all: leave \"at_least\" and \"at_most\" out")]
    ExactlyAndMore,
    #[error("\"at_least\" is {0} and \"at_most\" is {1}: no number of calls is both")]
    NoCount(usize, usize),
    #[error("an expectation must be at most {MOST_BYTES} bytes of JSON")]
    TooLarge,
}

/// Differences found so far: counted, and told where they are asked for.
#[derive(Default)]
struct Differences {
    count: usize,
    told: Option<Vec<Difference>>,
}

impl Differences {
    /// Notes a difference unless it is none, secrets masked.
    fn compare(&mut self, at: impl Display, equal: bool, expected: impl Display, there: Option<impl Display>) {
        if equal {
            return;
        }
        self.count += 1;
        if let Some(told) = &mut self.told {
            let (at, expected) = (at.to_string(), expected.to_string());
            let name = at.rsplit('.').next().unwrap_or_default();
            let found = there.map_or_else(|| "nothing".to_owned(), |there| mask::parameter(name, &there.to_string()));
            let expected = mask::parameter(name, &expected);
            told.push(Difference { at, expected, found });
        }
    }

    fn compare_text(&mut self, part: &str, name: &str, expected: &Value, there: Option<&str>) {
        let equal = match (expected, there) {
            (Value::String(any), Some(there)) => any == "*" || any == there,
            (expected, Some(there)) => there == expected.to_string().as_str(),
            (expected, None) => expected.is_null(),
        };
        self.compare(format_args!("{part}.{name}"), equal, Plain(expected), there);
    }

    fn compare_value(&mut self, name: &str, expected: &Value, there: Option<&Value>) {
        let equal = match (expected, there) {
            (Value::String(any), Some(_)) if any == "*" => true,
            (expected, Some(there)) => expected == there || Plain(expected).to_string() == Plain(there).to_string(),
            (expected, None) => expected.is_null(),
        };
        self.compare(format_args!("body.{name}"), equal, Plain(expected), there.map(Plain));
    }
}

/// A value as people write it: text without quotes.
struct Plain<'a>(&'a Value);

impl Display for Plain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(text) => formatter.write_str(text),
            other => other.fmt(formatter),
        }
    }
}

impl Pattern {
    /// Everything that an entry differs in.
    pub(crate) fn differences(&self, reading: &Reading<'_>) -> Vec<Difference> {
        let mut found = Differences { count: 0, told: Some(Vec::new()) };
        self.compare(reading, &mut found);
        found.told.unwrap_or_default()
    }

    /// In how many places an entry differs.
    pub(crate) fn count_differences(&self, reading: &Reading<'_>) -> usize {
        let mut found = Differences::default();
        self.compare(reading, &mut found);
        found.count
    }

    fn compare(&self, reading: &Reading<'_>, found: &mut Differences) {
        self.compare_lines(reading, found);
        for (name, expected) in &self.query {
            found.compare_text("query", name, expected, reading.query(name));
        }
        for (name, expected) in &self.body {
            match reading.field(name) {
                Some(field) => found.compare_text("body", name, expected, Some(field)),
                None => found.compare_value(name, expected, reading.member(name)),
            }
        }
        for (name, expected) in &self.headers {
            found.compare_text("headers", name, expected, reading.header(name));
        }
    }

    /// What is no parameter and no header.
    fn compare_lines(&self, reading: &Reading<'_>, found: &mut Differences) {
        let entry = reading.entry;
        if let Some(direction) = self.direction {
            let word = |direction| if direction == Direction::In { "in" } else { "out" };
            let equal = direction == entry.direction;
            found.compare("direction", equal, word(direction), Some(word(entry.direction)));
        }
        if let Some(party) = &self.party {
            found.compare("party", *party == entry.party, party, Some(&entry.party));
        }
        if let Some(method) = &self.method {
            found.compare("method", method.eq_ignore_ascii_case(entry.method.as_str()), method, Some(&entry.method));
        }
        if let Some(path) = &self.path {
            let there = path_of(entry);
            found.compare("path", like(path, there) || like(path, entry.uri.path()), path, Some(there));
        }
        if let Some(status) = self.status {
            let there = entry.status.map(|status| status.as_u16());
            found.compare("status", there == Some(status), status, there);
        }
        if let Some(client_id) = &self.client_id {
            let there = reading.client_id();
            found.compare("client_id", there.as_ref() == Some(client_id), client_id, there);
        }
    }

    /// Whether an entry is a call of this kind.
    pub(crate) fn fits(&self, entry: &Entry) -> bool {
        self.count_differences(&Reading::of_request(entry)) == 0
    }

    /// The call in a few words: `POST /oauth/token of acme-web`.
    pub(crate) fn described(&self) -> String {
        let method = self.method.as_deref().unwrap_or("any call");
        let mut words = vec![method.to_owned()];
        words.extend(self.party.as_ref().map(|party| format!("at {party}")));
        words.extend(self.path.clone());
        words.extend(self.client_id.as_ref().map(|client| format!("of {client}")));
        words.extend(self.status.map(|status| format!("answered {status}")));
        words.join(" ")
    }
}

/// The path within the party: without the place of a fake.
pub(crate) fn path_of(entry: &Entry) -> &str {
    let path = entry.uri.path();
    let below = path.strip_prefix("/_upstreams/").and_then(|below| below.strip_prefix(entry.party.as_str()));
    below.filter(|rest| rest.starts_with('/')).unwrap_or(path)
}

/// `*` stands for any text.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    let mut rest = rest;
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.split_at(at + part.len()).1,
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl Expectation {
    /// Checks that some number of calls can satisfy it, and that it isn't too large to be held against many.
    ///
    /// # Errors
    /// [`ExpectationError`]
    pub(crate) fn check(&self) -> Result<(), ExpectationError> {
        match (self.exactly, self.at_least, self.at_most) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => return Err(ExpectationError::ExactlyAndMore),
            (None, Some(least), Some(most)) if least > most => return Err(ExpectationError::NoCount(least, most)),
            _ => {}
        }
        let bytes = serde_json::to_vec(&self.call).map_or(usize::MAX, |json| json.len());
        if bytes > MOST_BYTES { Err(ExpectationError::TooLarge) } else { Ok(()) }
    }

    /// Whether so many calls are what is expected.
    pub(crate) fn allows(&self, count: usize) -> bool {
        let least = self.at_least.unwrap_or(usize::from(self.exactly.is_none() && self.at_most.is_none()));
        self.exactly.is_none_or(|exactly| count == exactly)
            && self.at_most.is_none_or(|most| count <= most)
            && count >= least
    }

    /// Whether so many calls are too many.
    pub(crate) fn exceeded_by(&self, count: usize) -> bool {
        self.exactly.or(self.at_most).is_some_and(|most| count > most)
    }

    /// The count in words.
    pub(crate) fn wanted(&self) -> String {
        match (self.exactly, self.at_least, self.at_most) {
            (Some(exactly), _, _) => format!("exactly {exactly}"),
            (None, Some(least), Some(most)) => format!("{least} to {most}"),
            (None, Some(least), None) => format!("at least {least}"),
            (None, None, Some(most)) => format!("at most {most}"),
            (None, None, None) => "at least 1".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, expected) in [
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/a/*", "/a/b/c", true),
            ("*/b", "/a/b", true),
            ("/a/*/c", "/a/b/c", true),
            ("/a/*/c", "/a/c", false),
            ("*", "", true),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn counts_are_as_they_are_said() {
        let expectation =
            |exactly, at_least, at_most| Expectation { exactly, at_least, at_most, ..Expectation::default() };
        let usual = expectation(None, None, None);
        assert!(!usual.allows(0) && usual.allows(1) && usual.allows(9));
        assert!(expectation(Some(0), None, None).allows(0) && !expectation(Some(2), None, None).allows(1));
        assert!(expectation(None, None, Some(1)).allows(0) && !expectation(None, None, Some(1)).allows(2));
        assert!(expectation(None, Some(2), Some(3)).allows(3) && !expectation(None, Some(2), None).allows(1));
    }

    #[test]
    fn what_no_call_can_satisfy_is_refused() {
        let check = |expectation: Value| {
            let expectation: Expectation = serde_json::from_value(expectation).unwrap();
            expectation.check().err().map(|error| error.to_string())
        };
        assert_eq!(check(json!({ "at_least": 1, "at_most": 1 })), None);
        assert!(check(json!({ "exactly": 1, "at_least": 2 })).unwrap().starts_with("\"exactly\" says it all"));
        let told = check(json!({ "at_least": 3, "at_most": 1 })).unwrap();
        assert_eq!(told, "\"at_least\" is 3 and \"at_most\" is 1: no number of calls is both");
        let told = check(json!({ "call": { "path": "*a".repeat(100_000) } })).unwrap();
        assert_eq!(told, "an expectation must be at most 4096 bytes of JSON");
    }
}
