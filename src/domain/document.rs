//! A JSON object kept as compact text: parsed trees take four times the memory (design page, section 3).

mod path;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::DeserializeSeed as _;
use serde_json::Map;
use serde_json::Value;

/// A JSON object, kept as text and parsed when used. Equality is that of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document(Box<str>);

impl Document {
    /// The object's members, in their order.
    pub(crate) fn parse(&self) -> Map<String, Value> {
        // The text was printed from a map by `From`, so it always parses.
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// Whether `takes` takes any scalar at a path, levels of arrays skipped. All are offered, whether or not one was taken
    /// before; null is none.
    pub(crate) fn any_at(&self, path: &[String], mut takes: impl FnMut(&Value) -> bool) -> bool {
        self.look(path::At { path, below: false, takes: &mut takes })
    }

    /// Whether there is any scalar at a path or below it: empty objects, empty arrays and null are nothing.
    pub(crate) fn has_at(&self, path: &[String]) -> bool {
        self.look(path::At { path, below: true, takes: &mut |_| true })
    }

    fn look(&self, at: path::At<'_, '_>) -> bool {
        at.deserialize(&mut serde_json::Deserializer::from_str(&self.0)).unwrap_or(false)
    }
}

impl Default for Document {
    fn default() -> Self {
        Self("{}".into())
    }
}

impl From<&Map<String, Value>> for Document {
    fn from(members: &Map<String, Value>) -> Self {
        Self(serde_json::to_string(members).unwrap_or_else(|_| "{}".to_owned()).into_boxed_str())
    }
}

impl From<Map<String, Value>> for Document {
    fn from(members: Map<String, Value>) -> Self {
        Self::from(&members)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.parse().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let tree = json!({
            "plan": "full", "seats": 3, "sites": [{ "city": "Paris" }, { "city": ["Porto", null] }], "none": { "a": [] }
        });
        Document::from(tree.as_object().unwrap())
    }

    #[track_caller]
    fn check(path: &str, expected: &[Value], exists: bool) {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        let mut found = Vec::new();
        document().any_at(&path, |value| {
            found.push(value.clone());
            false
        });
        assert_eq!((found.as_slice(), document().has_at(&path)), (expected, exists), "{path:?}");
    }

    #[test]
    fn values_are_found_at_their_path_whatever_arrays_lie_on_it() {
        check("plan", &[json!("full")], true);
        check("seats", &[json!(3)], true);
        check("sites.city", &[json!("Paris"), json!("Porto")], true);
        check("sites", &[], true);
        check("none", &[], false);
        check("plan.deeper", &[], false);
        check("missing", &[], false);
    }
}
