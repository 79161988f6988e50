//! What `fields=` asks for: `id,name,picture.width(200).height(200){url}`. Source: spec/upstreams.md §2.

use crate::upstreams::facebook::error::GraphError;

/// How deep fields may stand in fields.
const DEEPEST: usize = 5;

/// How many fields may be asked for.
const MOST: usize = 200;

/// One field asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    /// `.type(large)`, `.as(other_name)`: names with what stands in the brackets.
    pub(super) modifiers: Vec<(String, String)>,
    /// `{url,width}`: of its members these; empty is all.
    pub(super) members: Vec<Self>,
}

impl Field {
    pub(super) fn modifier(&self, name: &str) -> Option<&str> {
        self.modifiers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The name in the answer.
    pub(super) fn shown_as(&self) -> &str {
        self.modifier("as").unwrap_or(&self.name)
    }
}

/// Reads a list of fields.
///
/// # Errors
/// [`GraphError::Syntax`].
pub(super) fn parse(text: &str) -> Result<Vec<Field>, GraphError> {
    let mut reader = Reader { rest: text, read: 0 };
    let fields = reader.list(0)?;
    if reader.rest.is_empty() { Ok(fields) } else { Err(GraphError::Syntax("Expected end of string")) }
}

struct Reader<'a> {
    rest: &'a str,
    read: usize,
}

impl<'a> Reader<'a> {
    fn list(&mut self, depth: usize) -> Result<Vec<Field>, GraphError> {
        if depth == DEEPEST {
            return Err(GraphError::Syntax("Fields are nested too deeply"));
        }
        let mut fields = Vec::new();
        loop {
            fields.extend(self.field(depth)?);
            if !self.takes(',') {
                return Ok(fields);
            }
        }
    }

    /// Nothing between two commas is no field.
    fn field(&mut self, depth: usize) -> Result<Option<Field>, GraphError> {
        let name = self.word();
        if name.is_empty() {
            return Ok(None);
        }
        self.read += 1;
        if self.read > MOST {
            return Err(GraphError::Syntax("Too many fields"));
        }
        let mut field = Field { name: name.to_owned(), ..Field::default() };
        while self.takes('.') {
            let modifier = self.word();
            if modifier.is_empty() || !self.takes('(') {
                return Err(GraphError::Syntax("Expected a modifier after \".\""));
            }
            let (value, rest) = self.rest.split_once(')').ok_or(GraphError::Syntax("Expected \")\""))?;
            self.rest = rest;
            field.modifiers.push((modifier.to_owned(), value.to_owned()));
        }
        if self.takes('{') {
            field.members = self.list(depth + 1)?;
            if !self.takes('}') {
                return Err(GraphError::Syntax("Expected \"}\""));
            }
        }
        Ok(Some(field))
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest.trim_start();
        word
    }

    fn takes(&mut self, character: char) -> bool {
        let rest = self.rest.strip_prefix(character);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_modifiers_and_members() {
        let fields = parse("id, name,picture.width(200).height(100){url,width},,friends{data{id}}").unwrap();
        let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["id", "name", "picture", "friends"]);
        assert_eq!((fields[2].modifier("width"), fields[2].modifier("height")), (Some("200"), Some("100")));
        assert_eq!(fields[2].members[1].name, "width");
        assert_eq!(fields[3].members[0].members[0].name, "id");
        assert_eq!(parse("picture.type(large).as(big)").unwrap()[0].shown_as(), "big");
        assert_eq!(parse("").unwrap(), []);
    }

    #[test]
    fn what_is_no_list_of_fields_is_refused() {
        let many = "a,".repeat(MOST + 1);
        let deep = "a{".repeat(DEEPEST + 1);
        for wrong in ["a(", "a.b", "a.(x)", "a.b(c", "a{b", "a}b", "{}", "a b", "ä", many.as_str(), deep.as_str()] {
            assert!(matches!(parse(wrong), Err(GraphError::Syntax(_))), "{wrong}");
        }
    }
}
