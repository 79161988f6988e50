//! Moves attributes from the upstream's names to the tenant's, and leaves a trace line for each.
//! Source: spec/profile.md §6.

mod moves;

use serde_json::Map;
use serde_json::Value;

use crate::domain::profile::Metadata;
use crate::domain::profile::NormalizedProfile;
use crate::domain::profile::ProfileError;
use crate::domain::profile::ProviderTokens;
use crate::domain::profile::RawProfile;
use crate::domain::profile::trace::Trace;
use crate::domain::user::IdentityId;
use crate::domain::user::OWN_ATTRIBUTES;

/// A normalization under way. What no line took passes through in the end.
#[derive(Debug)]
pub(crate) struct Mapping {
    /// All that the upstream said.
    said: Map<String, Value>,
    /// What of it no line has taken yet.
    left: Map<String, Value>,
    profile: NormalizedProfile,
}

impl Mapping {
    /// Begins with the attribute that the person is known by.
    ///
    /// # Errors
    /// [`ProfileError::NoId`] when it is missing, empty or neither text nor a whole number.
    pub(crate) fn of(raw: RawProfile, id: &'static str) -> Result<Self, ProfileError> {
        Self::of_first(raw, &[id])
    }

    /// Begins with the first of these attributes that can be an id.
    ///
    /// # Errors
    /// [`ProfileError::NoId`] with the first name when none is there.
    pub(crate) fn of_first(raw: RawProfile, names: &[&str]) -> Result<Self, ProfileError> {
        let id = |name: &&&str| as_id(raw.0.get(**name)?);
        let name = *names.iter().find(|name| id(name).is_some()).ok_or_else(|| no_id(names))?;
        let id = id(&&name).ok_or_else(|| no_id(names))?;
        let mut mapping = Self::known_by(raw, id);
        let value = mapping.left.remove(name).unwrap_or_default();
        mapping.profile.trace.mapped(name, "user_id", &value, "is what the person is known by");
        Ok(mapping)
    }

    /// Begins with an id that was found elsewhere; no attribute is used up by it.
    pub(crate) fn known_by(raw: RawProfile, id: IdentityId) -> Self {
        let profile = NormalizedProfile {
            id,
            attributes: Map::new(),
            defaults: Vec::new(),
            metadata: Metadata::default(),
            tokens: ProviderTokens::default(),
            trace: Trace::default(),
        };
        Self { left: raw.0.clone(), said: raw.0, profile }
    }

    /// What the upstream sent under a name, if it says something.
    pub(crate) fn said(&self, name: &str) -> Option<&Value> {
        self.said.get(name).filter(|value| !value.is_null())
    }

    /// What the upstream sent under a name, if it is text and not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.said(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Whether the upstream sent the attribute with a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.said(name).is_some()
    }

    /// What an attribute of the tenant's has become so far.
    pub(crate) fn mapped(&self, name: &str) -> Option<&Value> {
        self.profile.attributes.get(name).filter(|value| !value.is_null())
    }

    /// Ends it: what no line took keeps its name, but for attributes that are the tenant's own.
    pub(crate) fn pass_through(self) -> NormalizedProfile {
        self.pass_through_unless(|_| None)
    }

    /// As [`Self::pass_through`], without the attributes that `refused` tells a reason for.
    pub(crate) fn pass_through_unless(mut self, refused: impl Fn(&str) -> Option<&'static str>) -> NormalizedProfile {
        for (name, value) in self.left {
            let profile = &mut self.profile;
            if OWN_ATTRIBUTES.contains(&name.as_str()) {
                profile.trace.dropped(&name, &value, "the attribute is the tenant's own");
            } else if let Some(why) = refused(&name) {
                profile.trace.dropped(&name, &value, why);
            } else if profile.attributes.contains_key(&name) {
                profile.trace.dropped(&name, &value, "another attribute took its name");
            } else {
                profile.trace.passed_through(&name, &value);
                profile.attributes.insert(name, value);
            }
        }
        self.profile
    }
}

fn as_id(value: &Value) -> Option<IdentityId> {
    match value {
        Value::String(text) if !text.is_empty() => Some(IdentityId::Text(text.clone())),
        Value::Number(number) => number.as_i64().map(IdentityId::Number),
        _ => None,
    }
}

fn no_id(names: &[&str]) -> ProfileError {
    ProfileError::NoId(names.first().copied().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests;
