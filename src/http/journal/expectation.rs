//! What a test expects of the journal: calls of a kind, so many of them, in an order.

use std::sync::Arc;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::journal::Direction;
use crate::http::journal::Entry;
use crate::http::journal::mask;
use crate::http::journal::reading::Reading;

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

/// Differences found so far.
#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    /// Notes a difference unless it is none, secrets masked.
    fn compare(&mut self, at: &str, expected: &str, there: Option<String>, equal: bool) {
        if equal {
            return;
        }
        let name = at.rsplit('.').next().unwrap_or_default();
        let found = there.map_or_else(|| "nothing".to_owned(), |value| mask::parameter(name, &value));
        self.0.push(Difference { at: at.to_owned(), expected: mask::parameter(name, expected), found });
    }

    fn compare_value(&mut self, at: String, expected: &Value, there: Option<Value>) {
        let equal = fits(expected, there.as_ref());
        self.compare(&at, &plain(expected), there.as_ref().map(plain), equal);
    }
}

impl Pattern {
    /// Everything that an entry differs in.
    pub(crate) fn differences(&self, reading: &Reading<'_>) -> Vec<Difference> {
        let mut found = Differences::default();
        self.compare_lines(reading, &mut found);
        for (name, expected) in &self.query {
            found.compare_value(format!("query.{name}"), expected, reading.query(name).map(Value::from));
        }
        for (name, expected) in &self.body {
            found.compare_value(format!("body.{name}"), expected, reading.member(name));
        }
        for (name, expected) in &self.headers {
            found.compare_value(format!("headers.{name}"), expected, reading.header(name).map(Value::from));
        }
        found.0
    }

    /// What is no parameter and no header.
    fn compare_lines(&self, reading: &Reading<'_>, found: &mut Differences) {
        let entry = reading.entry;
        if let Some(direction) = self.direction {
            let word = |direction| if direction == Direction::In { "in" } else { "out" };
            let there = Some(word(entry.direction).to_owned());
            found.compare("direction", word(direction), there, direction == entry.direction);
        }
        if let Some(party) = &self.party {
            found.compare("party", party, Some(entry.party.clone()), *party == entry.party);
        }
        if let Some(method) = &self.method {
            let equal = method.eq_ignore_ascii_case(entry.method.as_str());
            found.compare("method", method, Some(entry.method.to_string()), equal);
        }
        if let Some(path) = &self.path {
            let there = path_of(entry);
            let equal = like(path, there) || like(path, entry.uri.path());
            found.compare("path", path, Some(there.to_owned()), equal);
        }
        if let Some(status) = self.status {
            let there = entry.status.map(|status| status.as_u16());
            let equal = there == Some(status);
            found.compare("status", &status.to_string(), there.map(|there| there.to_string()), equal);
        }
        if let Some(client_id) = &self.client_id {
            let there = reading.client_id();
            let equal = there.as_ref() == Some(client_id);
            found.compare("client_id", client_id, there, equal);
        }
    }

    /// Whether an entry is a call of this kind.
    pub(crate) fn fits(&self, entry: &Entry) -> bool {
        self.differences(&Reading::of(entry)).is_empty()
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

fn fits(expected: &Value, there: Option<&Value>) -> bool {
    match (expected, there) {
        (Value::String(any), Some(_)) if any == "*" => true,
        (Value::Null, None) => true,
        (expected, Some(there)) => expected == there || plain(expected) == plain(there),
        (_, None) => false,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Expectation {
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

    /// The entries that are calls of the kind.
    pub(crate) fn matching(&self, entries: &[Arc<Entry>]) -> Vec<Arc<Entry>> {
        entries.iter().filter(|entry| self.call.fits(entry)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
