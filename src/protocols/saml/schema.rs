//! A document against its schema: children are taken in their order, and none may be left.
//! Source: the schemas in SAML 2.0 Core and Metadata, XML Signature.

use uppsala::NodeId;
use uppsala::NodeKind;

use crate::protocols::saml::element::Element;

/// How a document differs from its schema. Display is a sentence's end: "Response: Status is missing".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{element}: {fault}")]
pub(crate) struct SchemaError {
    /// The element's name without its prefix.
    pub(crate) element: String,
    pub(crate) fault: String,
}

impl<'d> Element<'d> {
    /// Its children, to be taken in their schema's order.
    ///
    /// # Errors
    /// [`SchemaError`] when there is text between them.
    pub(crate) fn fields(self) -> Result<Fields<'d>, SchemaError> {
        let of_text = |&id: &NodeId| match self.tree().node_kind(id) {
            Some(NodeKind::Text(text) | NodeKind::CData(text)) => !text.trim_ascii().is_empty(),
            _ => false,
        };
        if self.tree().children_iter(self.node()).any(|id| of_text(&id)) {
            return Err(self.wrong("there is text between its elements"));
        }
        let mut rest: Vec<_> = self.children().collect();
        rest.reverse();
        Ok(Fields { of: self, rest })
    }
}

/// The children of an element that were not taken yet.
#[derive(Debug)]
pub(crate) struct Fields<'d> {
    of: Element<'d>,
    /// The last one first.
    rest: Vec<Element<'d>>,
}

impl<'d> Fields<'d> {
    /// The next child, if it is this one.
    pub(crate) fn optional(&mut self, namespace: &str, name: &str) -> Option<Element<'d>> {
        self.rest.pop_if(|next| next.is(namespace, name))
    }

    /// The next child, which must be this one.
    ///
    /// # Errors
    /// [`SchemaError`] when it isn't.
    pub(crate) fn required(&mut self, namespace: &str, name: &str) -> Result<Element<'d>, SchemaError> {
        self.optional(namespace, name).ok_or_else(|| self.of.wrong(&format!("{name} is missing")))
    }

    /// All the next children that are this one.
    pub(crate) fn many(&mut self, namespace: &str, name: &str) -> Vec<Element<'d>> {
        std::iter::from_fn(|| self.optional(namespace, name)).collect()
    }

    /// The next child, whatever it is.
    pub(crate) fn next(&mut self) -> Option<Element<'d>> {
        self.rest.pop()
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`SchemaError`] names what is.
    pub(crate) fn end(self) -> Result<(), SchemaError> {
        let Some(next) = self.rest.last() else { return Ok(()) };
        let name: String = next.name().chars().take(100).collect();
        Err(self.of.wrong(&format!("{name} is not expected there")))
    }
}

#[cfg(test)]
mod tests {
    use crate::protocols::saml::xml::Document;

    #[test]
    fn children_are_taken_in_order_and_none_is_left() {
        let check = |inner: &str, expected: Result<(bool, usize), &str>| {
            let text = format!("<r xmlns='u'>{inner}</r>");
            let document = Document::parse(&text).unwrap();
            let read = || {
                let mut fields = document.root().fields()?;
                let found = (fields.optional("u", "a").is_some(), fields.many("u", "b").len());
                fields.required("u", "c")?;
                fields.end().map(|()| found)
            };
            assert_eq!(read().map_err(|error| error.to_string()), expected.map_err(str::to_owned));
        };
        check("<a/><b/> <b/><!-- x --><c/>", Ok((true, 2)));
        check("<c/>", Ok((false, 0)));
        check("<b/><a/><c/>", Err("r: c is missing"));
        check("<c/><c/>", Err("r: c is not expected there"));
        check("<c/>text", Err("r: there is text between its elements"));
        check("<c xmlns='v'/>", Err("r: c is missing"));
    }
}
