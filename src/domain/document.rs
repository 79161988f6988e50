//! A JSON object kept as compact text: parsed trees take four times the memory (design page, section 3).

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
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
