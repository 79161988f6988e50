//! What a JSON body must be to be taken, as tables, and the real service's words for what doesn't fit: those of the
//! validator that it uses. Source: spec/management-api.md §2, recorded answers.

#![cfg_attr(not(test), expect(dead_code, reason = "kinds of values that other resources' writes, not built yet, take"))]

use serde_json::Map;
use serde_json::Value;

use crate::management::error::ApiError;

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

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Boolean,
    /// A whole number from the first to the second.
    Integer(i64, i64),
    /// Text of so many characters, from the first to the second.
    Text(usize, usize),
    /// Text of a named format, and what tells it.
    Format(&'static str, fn(&str) -> bool),
    /// Text of a pattern, and what tells it.
    Pattern(&'static str, fn(&str) -> bool),
    OneOf(&'static [&'static str]),
    Object(&'static Shape),
    /// An object of any properties, so many at most, each a text of at most 255 characters or `null`.
    Labels(usize),
    /// An object of any properties.
    Free,
    /// A list of at least so many, and of what.
    List(usize, &'static Kind),
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

/// What doesn't fit, and where: `rule.match[0].name`, or nothing for the body itself.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    text: String,
    path: String,
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

impl Kind {
    /// Holds a body that is no object against a kind.
    ///
    /// # Errors
    /// As [`Shape::check`].
    pub(super) fn check_body(&self, body: &Value, call: Call) -> Result<(), ApiError> {
        Ok(self.check(body, call, "")?)
    }

    fn check(&self, value: &Value, call: Call, path: &str) -> Result<(), Problem> {
        let problem = |text: String| Err(Problem { text, path: path.to_owned() });
        match (self, value) {
            (Self::Boolean, Value::Bool(_)) | (Self::Free, Value::Object(_)) => Ok(()),
            (Self::Integer(least, most), Value::Number(number)) if !number.is_f64() => {
                match number.as_i64().unwrap_or(i64::MAX) {
                    small if small < *least => problem(format!("Value {number} is less than minimum {least}")),
                    great if great > *most => problem(format!("Value {number} is greater than maximum {most}")),
                    _ => Ok(()),
                }
            }
            (Self::Object(shape), Value::Object(members)) => shape.members(members, call, true, path),
            (Self::Labels(most), Value::Object(members)) => check_labels(*most, members, path),
            (Self::List(least, _), Value::Array(items)) if items.len() < *least => {
                problem(format!("Array is too short ({}), minimum {least}", items.len()))
            }
            (Self::List(_, kind), Value::Array(items)) => {
                let mut items = items.iter().enumerate();
                items.try_for_each(|(place, item)| kind.check(item, call, &format!("{path}[{place}]")))
            }
            (kind, Value::String(text)) if kind.type_name() == "string" => match kind.text_problem(text) {
                Some(text) => problem(text),
                None => Ok(()),
            },
            (kind, other) => problem(format!("Expected type {} but found type {}", kind.type_name(), type_name(other))),
        }
    }

    fn text_problem(&self, text: &str) -> Option<String> {
        let length = text.chars().count();
        match *self {
            Self::Text(least, _) if length < least => {
                Some(format!("String is too short ({length} chars), minimum {least}"))
            }
            Self::Text(_, most) if length > most => {
                Some(format!("String is too long ({length} chars), maximum {most}"))
            }
            Self::Format(name, fits) if !fits(text) => {
                Some(format!("Object didn't pass validation for format {name}: {text}"))
            }
            Self::Pattern(pattern, fits) if !fits(text) => {
                Some(format!("String does not match pattern {pattern}: {text}"))
            }
            Self::OneOf(words) if !words.contains(&text) => Some(format!("No enum match for: {text}")),
            _ => None,
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer(..) => "integer",
            Self::Text(..) | Self::Format(..) | Self::Pattern(..) | Self::OneOf(_) => "string",
            Self::Object(_) | Self::Labels(_) | Self::Free => "object",
            Self::List(..) => "array",
        }
    }
}

fn check_labels(most: usize, members: &Map<String, Value>, path: &str) -> Result<(), Problem> {
    if members.len() > most {
        let text = format!("Too many properties defined ({}), maximum {most}", members.len());
        return Err(Problem { text, path: path.to_owned() });
    }
    let values = members.iter().filter(|(_, value)| !value.is_null());
    for (name, value) in values {
        Kind::Text(0, 255).check(value, Call::Create, &format!("{path}.{name}"))?;
    }
    Ok(())
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem { text, path } if path.is_empty() => Self::InvalidBody(text),
            Problem { text, path } => Self::InvalidProperty { problem: text, property: path },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHAPE: Shape = Shape::closed(
        &["name"],
        &[
            property("name", Kind::Text(1, 5)).unset_by_null(),
            property("kind", Kind::OneOf(&["a", "b"])).only_in(Call::Create),
            property("on", Kind::Boolean),
            property("age", Kind::Integer(0, 99)).or_null(),
            property("home", Kind::Format("url", |text| text.starts_with("https:"))),
            property("metadata", Kind::Labels(2)),
            property("free", Kind::Free),
            property("list", Kind::List(1, &Kind::Object(&ITEM))),
        ],
    )
    .not_empty();

    const ITEM: Shape = Shape::open(&["id"], &[property("id", Kind::Text(0, 3))]);

    #[track_caller]
    fn check(call: Call, body: Value, expected: &str) {
        let found = SHAPE.check(body.as_object().unwrap(), call);
        let found = found.err().map(|error| error.to_string()).unwrap_or_default();
        let found = found.strip_prefix("Payload validation error: ").unwrap_or(&found);
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn what_does_not_fit_is_told_in_the_real_services_words() {
        use Call::Create;
        check(Create, json!({ "name": "a", "kind": "b", "on": true, "age": null, "free": { "x": 1 } }), "");
        check(Create, json!({}), "'Missing required property: name'.");
        check(Create, json!({ "name": "a", "x": 1 }), "'Additional properties not allowed: x'.");
        check(Create, json!({ "name": "" }), "'String is too short (0 chars), minimum 1' on property name.");
        check(Create, json!({ "name": "äöüäöü" }), "'String is too long (6 chars), maximum 5' on property name.");
        check(Create, json!({ "name": null }), "'Expected type string but found type null' on property name.");
        check(Create, json!({ "name": "a", "kind": "c" }), "'No enum match for: c' on property kind.");
        check(
            Create,
            json!({ "name": "a", "on": 1 }),
            "'Expected type boolean but found type integer' on property on.",
        );
        check(
            Create,
            json!({ "name": "a", "age": 1.5 }),
            "'Expected type integer but found type number' on property age.",
        );
        check(Create, json!({ "name": "a", "age": 100 }), "'Value 100 is greater than maximum 99' on property age.");
        check(
            Create,
            json!({ "name": "a", "home": "x" }),
            "'Object didn't pass validation for format url: x' on property home.",
        );
    }

    #[test]
    fn the_place_of_a_problem_is_told() {
        let name = || json!("a");
        check(
            Call::Create,
            json!({ "name": name(), "list": [{ "id": "a" }, { "id": "abcd" }] }),
            "'String is too long (4 chars), maximum 3' on property list[1].id.",
        );
        check(
            Call::Create,
            json!({ "name": name(), "list": [{}] }),
            "'Missing required property: id' on property list[0].",
        );
        check(
            Call::Create,
            json!({ "name": name(), "list": [] }),
            "'Array is too short (0), minimum 1' on property list.",
        );
        check(
            Call::Create,
            json!({ "name": name(), "metadata": { "a": "1", "b": null, "c": "3" } }),
            "'Too many properties defined (3), maximum 2' on property metadata.",
        );
        check(
            Call::Create,
            json!({ "name": name(), "metadata": { "a": 1 } }),
            "'Expected type string but found type integer' on property metadata.a.",
        );
    }

    #[test]
    fn a_change_leaves_out_what_it_likes_but_not_everything() {
        check(Call::Update, json!({ "on": false }), "");
        check(Call::Update, json!({ "name": null }), "");
        check(Call::Update, json!({ "kind": "a" }), "'Additional properties not allowed: kind'.");
        check(Call::Update, json!({}), "'Too few properties defined (0), minimum 1'.");
    }
}
