//! What a JSON body must be to be taken, as tables, and the real service's words for what doesn't fit: those of the
//! validator that it uses. Source: spec/management-api.md §2, recorded answers.

pub(super) mod kind;
mod problem;
#[cfg(test)]
mod tests;

use serde_json::Map;
use serde_json::Value;

use crate::management::error::ApiError;
use crate::management::schema::kind::Kind;
use crate::management::schema::problem::Problem;

/// An object: the properties that it takes.
#[derive(Debug)]
pub(super) struct Shape {
    properties: &'static [Property],
    required: &'static [&'static str],
    /// Whether it takes properties that aren't listed.
    open: bool,
    /// How many properties a change must have at least.
    least: usize,
}

/// A property that a shape takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property {
    name: &'static str,
    kind: Kind,
    null: Null,
    /// The one call that takes it; both without.
    only: Option<Call>,
}

/// The call that sends a body. A change may leave out what a creation must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Create,
    Update,
}

/// Where `null` is taken: it unsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Null {
    Never,
    InUpdates,
    Always,
}

/// A property that takes no `null`.
pub(super) const fn property(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, null: Null::Never, only: None }
}

impl Property {
    /// `null` is taken in changes.
    pub(super) const fn unset_by_null(self) -> Self {
        Self { null: Null::InUpdates, ..self }
    }

    /// `null` is taken in every call.
    pub(super) const fn or_null(self) -> Self {
        Self { null: Null::Always, ..self }
    }

    /// The other call refuses it as unknown.
    pub(super) const fn only_in(self, call: Call) -> Self {
        Self { only: Some(call), ..self }
    }
}

impl Shape {
    /// One that refuses what isn't listed.
    pub(super) const fn closed(required: &'static [&'static str], properties: &'static [Property]) -> Self {
        Self { properties, required, open: false, least: 0 }
    }

    /// One that takes what isn't listed.
    pub(super) const fn open(required: &'static [&'static str], properties: &'static [Property]) -> Self {
        Self { properties, required, open: true, least: 0 }
    }

    /// A change must change something.
    pub(super) const fn not_empty(self) -> Self {
        Self { least: 1, ..self }
    }

    /// Whether it has a property of this name.
    pub(super) fn lists(&self, name: &str) -> bool {
        self.properties.iter().any(|property| property.name == name)
    }

    /// Holds a body against the shape.
    ///
    /// # Errors
    /// [`ApiError::InvalidBody`], [`ApiError::InvalidProperty`] for the first thing that doesn't fit.
    pub(super) fn check(&self, body: &Map<String, Value>, call: Call) -> Result<(), ApiError> {
        if call == Call::Update && body.len() < self.least {
            let problem = format!("Too few properties defined ({}), minimum {}", body.len(), self.least);
            return Err(ApiError::InvalidBody(problem));
        }
        Ok(self.members(body, call, call == Call::Create, "")?)
    }

    /// As [`Shape::check`], for an object within a body: changes replace it whole, so it has all that it must.
    fn check_members(&self, members: &Map<String, Value>, call: Call, path: &str) -> Result<(), Problem> {
        self.members(members, call, true, path)
    }

    /// What is missing is told first, then what is unknown, then what is wrong, in the body's order.
    fn members(&self, body: &Map<String, Value>, call: Call, whole: bool, path: &str) -> Result<(), Problem> {
        let problem = |text: String| Problem { text, path: path.to_owned() };
        let missing = self.required.iter().find(|name| whole && !body.contains_key(**name));
        if let Some(missing) = missing {
            return Err(problem(format!("Missing required property: {missing}")));
        }
        let known = |name: &str| {
            let property = self.properties.iter().find(|property| property.name == name);
            property.filter(|property| property.only.is_none_or(|only| only == call))
        };
        if let Some(unknown) = body.keys().find(|name| !self.open && known(name).is_none()) {
            return Err(problem(format!("Additional properties not allowed: {unknown}")));
        }
        for (name, value) in body {
            if let Some(property) = known(name) {
                let place = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                property.check(value, call, &place)?;
            }
        }
        Ok(())
    }
}

impl Property {
    fn check(&self, value: &Value, call: Call, path: &str) -> Result<(), Problem> {
        let unsets = self.null == Null::Always || (self.null == Null::InUpdates && call == Call::Update);
        if unsets && value.is_null() { Ok(()) } else { self.kind.check(value, call, path) }
    }
}
