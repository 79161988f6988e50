//! Kinds of values, and what is wrong with one that isn't of its kind.

use serde_json::Map;
use serde_json::Value;

use crate::management::error::ApiError;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::problem::Problem;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
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
    /// Text that is not empty, or a whole number.
    Id,
    Object(&'static Shape),
    /// An object of any properties, so many at most, each a text of at most 255 characters or `null`.
    Labels(usize),
    /// An object of any properties.
    Free,
    /// A list of at least so many, and of what.
    List(usize, &'static Kind),
}

impl Kind {
    /// Holds a body that is no object against a kind.
    ///
    /// # Errors
    /// As [`Shape::check`].
    pub(crate) fn check_body(&self, body: &Value, call: Call) -> Result<(), ApiError> {
        Ok(self.check(body, call, "")?)
    }

    pub(super) fn check(&self, value: &Value, call: Call, path: &str) -> Result<(), Problem> {
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
            (Self::Object(shape), Value::Object(members)) => shape.check_members(members, call, path),
            (Self::Labels(most), Value::Object(members)) => check_labels(*most, members, path),
            (Self::List(least, _), Value::Array(items)) if items.len() < *least => {
                problem(format!("Array is too short ({}), minimum {least}", items.len()))
            }
            (Self::List(_, kind), Value::Array(items)) => {
                let mut items = items.iter().enumerate();
                items.try_for_each(|(place, item)| kind.check(item, call, &format!("{path}[{place}]")))
            }
            (Self::Id, Value::Number(number)) if !number.is_f64() => Ok(()),
            (Self::Id, Value::String(text)) if !text.is_empty() => Ok(()),
            (Self::Id, _) => problem("Data does not match any schemas from 'oneOf'".to_owned()),
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
            Self::Text(..) | Self::Format(..) | Self::Pattern(..) | Self::OneOf(_) | Self::Id => "string",
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
