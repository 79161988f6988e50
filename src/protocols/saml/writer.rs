//! XML that we make: every text and value is escaped by the one who writes it. Source: XML 1.0 §2.2, §2.4, §3.3.3.

/// Writes elements one after the other; an end closes the element begun last.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: String,
    open: Vec<&'static str>,
    /// Whether the last start tag can still take attributes.
    in_tag: bool,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Begins an element, named with its prefix.
    pub(crate) fn start(&mut self, name: &'static str) -> &mut Self {
        self.close_tag();
        self.text.push('<');
        self.text.push_str(name);
        self.open.push(name);
        self.in_tag = true;
        self
    }

    /// An attribute of the element just begun; its value may be any text.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) -> &mut Self {
        if self.in_tag {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(value, true, &mut self.text);
            self.text.push('"');
        }
        self
    }

    /// The same, where there is a value.
    pub(crate) fn optional(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.close_tag();
        escape(text, false, &mut self.text);
        self
    }

    /// XML that was made already, as it is.
    pub(crate) fn raw(&mut self, xml: &str) -> &mut Self {
        self.close_tag();
        self.text.push_str(xml);
        self
    }

    pub(crate) fn end(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            if self.in_tag {
                self.text.push_str("/>");
                self.in_tag = false;
            } else {
                self.text.push_str("</");
                self.text.push_str(name);
                self.text.push('>');
            }
        }
        self
    }

    /// An element that has nothing but text.
    pub(crate) fn element(&mut self, name: &'static str, text: &str) -> &mut Self {
        self.start(name).text(text).end()
    }

    /// The document, every element closed.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.text
    }

    fn close_tag(&mut self) {
        if self.in_tag {
            self.text.push('>');
            self.in_tag = false;
        }
    }
}

/// A text as it may stand in an attribute or an element.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape(text, true, &mut escaped);
    escaped
}

/// Escapes what would be read as something else. A character that XML has no form for at all becomes U+FFFD.
fn escape(text: &str, in_attribute: bool, into: &mut String) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' if in_attribute => into.push_str("&quot;"),
            // A parser makes a space of the first two in attributes, and a line feed of the third anywhere.
            '\t' if in_attribute => into.push_str("&#x9;"),
            '\n' if in_attribute => into.push_str("&#xA;"),
            '\r' => into.push_str("&#xD;"),
            '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'.. => into.push(character),
            _ => into.push('\u{fffd}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::saml::xml::Document;

    #[test]
    fn whatever_is_written_is_read_again() {
        for text in ["", "plain", "<a b=\"c\">&amp;'", "tab\there\nand\r\nthere", "zo\u{eb} \u{1f600}", "]]>", " a "] {
            let mut writer = Writer::new();
            writer.start("r").attribute("a", text).text(text);
            let xml = writer.finish();
            let document = Document::parse(&xml).unwrap();
            assert_eq!(
                (document.root().attribute("a"), document.root().text()),
                (Some(text), text.to_owned()),
                "{xml}"
            );
        }
        let mut writer = Writer::new();
        writer.element("r", "a\0b\u{ffff}");
        assert_eq!(writer.finish(), "<r>a\u{fffd}b\u{fffd}</r>");
    }

    #[test]
    fn elements_close_in_turn() {
        let mut writer = Writer::new();
        writer.start("a").start("b").end().element("c", "t").start("d").optional("e", None).optional("f", Some("g"));
        assert_eq!(writer.finish(), "<a><b/><c>t</c><d f=\"g\"/></a>");
    }
}
