//! An element of a document that was read.

use std::ops::Range;

use uppsala::Document as Tree;
use uppsala::NodeId;
use uppsala::NodeKind;

use crate::protocols::saml::schema::SchemaError;
use crate::time::Timestamp;

/// An element; as cheap to copy as a reference.
#[derive(Clone, Copy)]
pub(crate) struct Element<'d> {
    tree: &'d Tree<'d>,
    id: NodeId,
}

impl<'d> Element<'d> {
    pub(super) fn new(tree: &'d Tree<'d>, id: NodeId) -> Self {
        Self { tree, id }
    }

    pub(super) fn tree(self) -> &'d Tree<'d> {
        self.tree
    }

    pub(super) fn node(self) -> NodeId {
        self.id
    }

    /// Its name without the prefix.
    pub(crate) fn name(self) -> &'d str {
        self.tree.element(self.id).map_or("", |element| &element.name.local_name)
    }

    pub(crate) fn namespace(self) -> Option<&'d str> {
        self.tree.element(self.id).and_then(|element| element.name.namespace_uri.as_deref())
    }

    pub(crate) fn is(self, namespace: &str, name: &str) -> bool {
        self.namespace() == Some(namespace) && self.name() == name
    }

    /// An attribute in no namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<&'d str> {
        let attributes = &self.tree.element(self.id)?.attributes;
        let found = attributes.iter().find(|has| has.name.prefix.is_none() && has.name.local_name == name);
        found.map(|has| &*has.value)
    }

    /// An attribute of a namespace, such as `xsi:type`.
    pub(crate) fn attribute_in(self, namespace: &str, name: &str) -> Option<&'d str> {
        self.tree.element(self.id)?.get_attribute_ns(namespace, name)
    }

    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let nodes = self.tree.children_iter(self.id);
        nodes.filter(move |&id| self.tree.element(id).is_some()).map(move |id| Self { tree: self.tree, id })
    }

    pub(crate) fn parent(self) -> Option<Self> {
        let id = self.tree.parent(self.id)?;
        self.tree.element(id).map(|_| Self { tree: self.tree, id })
    }

    /// The children of this name.
    pub(crate) fn children_named(self, namespace: &'d str, name: &'d str) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.is(namespace, name))
    }

    /// Every element below this one, and itself, in no order.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Self> {
        let mut todo = vec![self];
        std::iter::from_fn(move || {
            let next = todo.pop()?;
            todo.extend(next.children());
            Some(next)
        })
    }

    /// All its text, that of elements in it included: comments don't cut it, white space stays.
    pub(crate) fn text(self) -> String {
        self.tree.text_content_deep(self.id)
    }

    /// The text of an element that has nothing but text in it, without the white space around. Comments are refused,
    /// too: signatures don't cover them, and who reads only what stands before one reads another name.
    ///
    /// # Errors
    /// [`SchemaError`] when it has something else.
    pub(crate) fn simple_text(self) -> Result<String, SchemaError> {
        if self.children().next().is_some() {
            return Err(self.wrong("there are elements in its text"));
        }
        let is_comment = |id| matches!(self.tree.node_kind(id), Some(NodeKind::Comment(_)));
        if self.tree.children_iter(self.id).any(is_comment) {
            return Err(self.wrong("there is a comment in its text"));
        }
        Ok(self.text().trim_ascii().to_owned())
    }

    /// Where it stands in the text that was read.
    pub(super) fn range(self) -> Option<Range<usize>> {
        self.tree.node_range(self.id)
    }

    /// Where its contents begin and end in the text that was read; `None` when it has none.
    pub(super) fn inner_range(self) -> Option<Range<usize>> {
        let first = self.tree.node_range(self.tree.first_child(self.id)?)?;
        let last = self.tree.node_range(self.tree.last_child(self.id)?)?;
        Some(first.start..last.end)
    }

    /// The namespaces in scope, by prefix; the default namespace has an empty one.
    pub(super) fn namespaces_in_scope(self) -> Vec<(&'d str, &'d str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        let mut next = Some(self.id);
        while let Some(id) = next {
            for (prefix, uri) in
                self.tree.element(id).map(|element| &*element.namespace_declarations).unwrap_or_default()
            {
                if !found.iter().any(|(known, _)| known == prefix) {
                    found.push((prefix, uri));
                }
            }
            next = self.tree.parent(id);
        }
        found
    }

    /// An attribute that the schema requires.
    ///
    /// # Errors
    /// [`SchemaError`] when it is missing or empty.
    pub(crate) fn required(self, name: &str) -> Result<&'d str, SchemaError> {
        let found = self.attribute(name).filter(|value| !value.trim_ascii().is_empty());
        found.ok_or_else(|| self.wrong(&format!("{name} is missing")))
    }

    /// An attribute that is a moment (`xs:dateTime`; without a zone it is UTC, Core §1.3.3).
    ///
    /// # Errors
    /// [`SchemaError`] when it is there and isn't one.
    pub(crate) fn moment(self, name: &str) -> Result<Option<Timestamp>, SchemaError> {
        let Some(text) = self.attribute(name).map(str::trim_ascii) else { return Ok(None) };
        let read = Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{text}Z")));
        read.map(Some).ok_or_else(|| self.wrong(&format!("{name} is not a date and time")))
    }

    /// An attribute that is a truth value (`xs:boolean`).
    ///
    /// # Errors
    /// As [`Element::moment`].
    pub(crate) fn flag(self, name: &str) -> Result<Option<bool>, SchemaError> {
        match self.attribute(name).map(str::trim_ascii) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(self.wrong(&format!("{name} is neither true nor false"))),
        }
    }

    /// An attribute that is a number.
    ///
    /// # Errors
    /// As [`Element::moment`].
    pub(crate) fn number(self, name: &str) -> Result<Option<u32>, SchemaError> {
        let Some(text) = self.attribute(name) else { return Ok(None) };
        text.trim_ascii().parse().map(Some).map_err(|_| self.wrong(&format!("{name} is not a number")))
    }

    pub(crate) fn wrong(self, fault: &str) -> SchemaError {
        SchemaError { element: self.name().chars().take(100).collect(), fault: fault.to_owned() }
    }
}

impl PartialEq for Element<'_> {
    /// The same element of the same document.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

#[cfg(test)]
mod tests {
    use crate::protocols::saml::xml::Document;

    #[test]
    fn text_is_whole_whatever_cuts_it() {
        let check = |inner: &str, expected: &str| {
            let text = format!("<n>{inner}</n>");
            assert_eq!(Document::parse(&text).unwrap().root().text(), expected);
        };
        check("admin@corp.example<!-- -->.evil.example", "admin@corp.example.evil.example");
        check("<![CDATA[a<b]]>&amp;c", "a<b&c");
        check(" a ", " a ");
        check("", "");
    }

    #[test]
    fn moments_and_flags_are_read_as_the_schema_writes_them() {
        let text = "<r a='2031-05-04T10:00:26.187Z' b='2031-05-04T10:00:26' c='1' d='no' e='soon'/>";
        let document = Document::parse(text).unwrap();
        let root = document.root();
        assert_eq!(root.moment("a").unwrap().unwrap().millis(), 1_935_655_226_187);
        assert_eq!(root.moment("b").unwrap().unwrap().millis(), 1_935_655_226_000);
        assert_eq!((root.flag("c"), root.moment("z")), (Ok(Some(true)), Ok(None)));
        assert_eq!(root.flag("d").unwrap_err().to_string(), "r: d is neither true nor false");
        assert_eq!(root.moment("e").unwrap_err().to_string(), "r: e is not a date and time");
    }
}
