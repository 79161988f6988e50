//! One value of a JSON text, without reading the rest into memory.

use std::fmt;

use serde::de::DeserializeSeed;
use serde::de::Deserializer;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use serde_json::Value;

/// Looks for scalars at a path. Gives whether one was taken.
pub(super) struct At<'p, 'f> {
    pub(super) path: &'p [String],
    /// Members of an object at the path count, too.
    pub(super) below: bool,
    pub(super) takes: &'f mut dyn FnMut(&Value) -> bool,
}

impl<'de> DeserializeSeed<'de> for At<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl At<'_, '_> {
    /// A scalar counts where the path ends.
    fn scalar(self, value: impl FnOnce() -> Value) -> bool {
        self.path.is_empty() && (self.takes)(&value())
    }
}

impl<'de> Visitor<'de> for At<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<bool, E> {
        Ok(self.scalar(|| flag.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<bool, E> {
        Ok(self.scalar(|| number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
        Ok(self.scalar(|| number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<bool, E> {
        Ok(self.scalar(|| number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(self.scalar(|| text.into()))
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    /// The level of an array is skipped.
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        let mut found = false;
        loop {
            let item = At { path: self.path, below: self.below, takes: self.takes };
            match items.next_element_seed(item)? {
                Some(taken) => found |= taken,
                None => return Ok(found),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
        let mut found = false;
        match self.path.split_first() {
            Some((name, rest)) => {
                while let Some(is_it) = members.next_key_seed(Is(name))? {
                    if is_it {
                        found |= members.next_value_seed(At { path: rest, below: self.below, takes: self.takes })?;
                    } else {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
            }
            None => {
                while members.next_key::<IgnoredAny>()?.is_some() {
                    if self.below {
                        found |= members.next_value_seed(At { path: &[], below: true, takes: self.takes })?;
                    } else {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
            }
        }
        Ok(found)
    }
}

/// Whether a member has this name.
struct Is<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(self.0 == name)
    }
}
