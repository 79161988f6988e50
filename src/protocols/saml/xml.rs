//! XML from outside, read within bounds: no document type, no entities but the five, no processing instructions, each
//! id once. Source: XML 1.0 (fifth edition), Namespaces in XML 1.0; SAML 2.0 Core §5.4.2 (ids), RFC 7303 §4 (dangers).

use std::collections::HashSet;

use uppsala::Document as Tree;
use uppsala::NodeId;
use uppsala::NodeKind;

use crate::protocols::saml::element::Element;

/// How long a document may be, in bytes.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;
/// How deep elements may be nested.
const MOST_DEPTH: u32 = 64;
/// How many tags (start, end, empty) and comments a document may have.
const MOST_TAGS: usize = 30_000;
/// How many attributes and namespace declarations all its elements may have.
const MOST_QUOTES: usize = 60_000;
/// How many attributes one element may have, and how many namespaces may be in scope in one place.
const MOST_IN_ONE_PLACE: usize = 64;

/// The attributes that are ids in the schemas of SAML 2.0 and 1.1, XML Signature and XML Encryption.
pub(super) const IDS: [&str; 5] = ["ID", "Id", "AssertionID", "ResponseID", "RequestID"];

/// Why a text isn't read as XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum XmlError {
    #[error("it is longer than {MOST_BYTES} bytes")]
    TooLong,
    #[error("it has more than {MOST_TAGS} tags or too many attributes")]
    TooManyTags,
    #[error("elements are nested more than {MOST_DEPTH} deep")]
    TooDeep,
    #[error("it has a document type declaration")]
    DocumentType,
    #[error("it has a processing instruction")]
    ProcessingInstruction,
    #[error("it is not UTF-8")]
    NotUtf8,
    #[error("it has a character that XML does not allow")]
    Character,
    #[error("it is not well-formed: {0}")]
    Malformed(String),
    #[error("the id {0:?} occurs twice")]
    DuplicateId(String),
}

/// A document that was read.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    tree: Tree<'a>,
    root: NodeId,
}

impl<'a> Document<'a> {
    /// Reads a document.
    ///
    /// # Errors
    /// [`XmlError`] names the rule that the text breaks.
    pub(crate) fn parse(text: &'a str) -> Result<Self, XmlError> {
        check_size(text)?;
        // The parser itself lets them stand in attributes.
        if text.chars().any(is_forbidden) {
            return Err(XmlError::Character);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let parser = uppsala::parser::Parser::new().with_forbid_dtd(true).with_forbid_entities(true);
        let parsed = parser.with_max_depth(MOST_DEPTH).with_max_entity_expansion(0).parse(text);
        let tree = parsed.map_err(|error| refusal(&error.to_string(), text))?;
        check_encoding(&tree, text)?;
        let root = tree.document_element().ok_or_else(|| XmlError::Malformed("it is empty".to_owned()))?;
        check_tree(&tree)?;
        Ok(Self { tree, root })
    }

    pub(crate) fn root(&self) -> Element<'_> {
        Element::new(&self.tree, self.root)
    }
}

/// What makes reading slow is counted before anything is read.
fn check_size(text: &str) -> Result<(), XmlError> {
    if text.len() > MOST_BYTES {
        return Err(XmlError::TooLong);
    }
    let (mut tags, mut quotes) = (0_usize, 0_usize);
    for byte in text.bytes() {
        tags += usize::from(byte == b'<');
        quotes += usize::from(matches!(byte, b'"' | b'\''));
    }
    if tags > MOST_TAGS || quotes > MOST_QUOTES { Err(XmlError::TooManyTags) } else { Ok(()) }
}

/// Whether a character can't stand in a document (XML 1.0 §2.2).
fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The parser tells in prose; two of its reasons are rules of ours.
fn refusal(said: &str, text: &str) -> XmlError {
    let lower = said.to_ascii_lowercase();
    if text.contains("<!DOCTYPE") && (lower.contains("doctype") || lower.contains("dtd")) {
        XmlError::DocumentType
    } else if lower.contains("depth") {
        XmlError::TooDeep
    } else {
        XmlError::Malformed(said.to_owned())
    }
}

/// A text that says it is in another encoding than it was read in means other characters than those read.
fn check_encoding(tree: &Tree<'_>, text: &str) -> Result<(), XmlError> {
    let declared = tree.xml_declaration.as_ref().and_then(|declaration| declaration.encoding.as_deref());
    match declared {
        Some(name) if !name.eq_ignore_ascii_case("utf-8") && !text.is_ascii() => Err(XmlError::NotUtf8),
        _ => Ok(()),
    }
}

/// Bounds what each element may carry, refuses processing instructions, and sees that every id is one element's.
fn check_tree(tree: &Tree<'_>) -> Result<(), XmlError> {
    let mut ids = HashSet::new();
    // Each node with the number of namespaces in scope around it.
    let mut todo: Vec<(NodeId, usize)> = vec![(tree.root(), 0)];
    while let Some((id, mut in_scope)) = todo.pop() {
        match tree.node_kind(id) {
            Some(NodeKind::ProcessingInstruction(_)) => return Err(XmlError::ProcessingInstruction),
            Some(NodeKind::Element(element)) => {
                in_scope = in_scope.saturating_add(element.namespace_declarations.len());
                if element.attributes.len().max(in_scope) > MOST_IN_ONE_PLACE {
                    return Err(XmlError::TooManyTags);
                }
                for attribute in &element.attributes {
                    let name = &*attribute.name.local_name;
                    let of_xml = attribute.name.prefix.as_deref() == Some("xml") && name == "id";
                    let is_id = attribute.name.prefix.is_none() && IDS.contains(&name);
                    if (is_id || of_xml) && !ids.insert(&*attribute.value) {
                        return Err(XmlError::DuplicateId(attribute.value.chars().take(100).collect()));
                    }
                }
            }
            _ => {}
        }
        todo.extend(tree.children_iter(id).map(|child| (child, in_scope)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &XmlError) {
        let found = Document::parse(text).map(|document| document.root().name().to_owned());
        assert_eq!(found.as_ref().err(), Some(expected), "{found:?}");
    }

    fn reads(text: &str) -> bool {
        Document::parse(text).is_ok()
    }

    #[test]
    fn a_document_type_is_refused_whatever_it_declares() {
        for declared in ["", " SYSTEM \"http://evil.example/x.dtd\"", " [<!ENTITY a SYSTEM \"file:///etc/passwd\">]"] {
            check(&format!("<!DOCTYPE r{declared}><r>text</r>"), &XmlError::DocumentType);
        }
        let laughs = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><r>&b;</r>";
        check(laughs, &XmlError::DocumentType);
        assert!(matches!(Document::parse("<r>&a;</r>"), Err(XmlError::Malformed(_))));
        assert!(reads("<r>&amp;&lt;&gt;&quot;&apos;&#65;&#x42;</r>"));
    }

    #[test]
    fn size_depth_and_number_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(reads(&nested(60)));
        check(&nested(100), &XmlError::TooDeep);
        check(&nested(14_000), &XmlError::TooDeep);
        check(&nested(20_000), &XmlError::TooManyTags);
        check(&format!("<r>{}</r>", "x".repeat(MOST_BYTES)), &XmlError::TooLong);
        check(&format!("<r>{}</r>", "<a/>".repeat(MOST_TAGS)), &XmlError::TooManyTags);
        let many = |count: usize, one: fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().concat();
        let attributes = |count: usize| many(count, |number| format!(" a{number}=''"));
        check(&format!("<r{}/>", attributes(65)), &XmlError::TooManyTags);
        let namespaces = |count: usize| many(count, |number| format!(" xmlns:a{number}='u'"));
        check(&format!("<r{}><s{}/></r>", namespaces(40), namespaces(40)), &XmlError::TooManyTags);
    }

    #[test]
    fn what_could_mean_something_else_is_refused() {
        check("<r><?php x?></r>", &XmlError::ProcessingInstruction);
        check("<?xml-stylesheet href='x'?><r/>", &XmlError::ProcessingInstruction);
        check("<r ID='a'><s ID='a'/></r>", &XmlError::DuplicateId("a".to_owned()));
        check("<r ID='a'><s Id='a'/></r>", &XmlError::DuplicateId("a".to_owned()));
        check("<r ID='a'><s xml:id='a'/></r>", &XmlError::DuplicateId("a".to_owned()));
        check("<?xml version='1.0' encoding='ISO-8859-1'?><r>\u{e9}</r>", &XmlError::NotUtf8);
        for malformed in ["", "text", "<r>", "<r/><s/>", "<r a='1' a='2'/>", "<x:r/>", "<r>]]></r>x"] {
            assert!(matches!(Document::parse(malformed), Err(XmlError::Malformed(_))), "{malformed}");
        }
        for character in ["\u{12}", "\0", "\u{b}", "\u{fffe}", "\u{ffff}"] {
            for text in [format!("<r>{character}</r>"), format!("<r a='{character}'/>")] {
                check(&text, &XmlError::Character);
            }
        }
        for written in ["<r>&#x12;</r>", "<r a='&#18;'/>", "<r>&#0;</r>", "<r>&#xFFFE;</r>"] {
            assert!(Document::parse(written).is_err(), "{written}");
        }
        assert!(reads("<r a='&#9;\t'>\r\n\u{85}\u{fffd}\u{10000}</r>"));
        assert!(reads("\u{feff}<?xml version='1.0' encoding='utf-8'?><!-- said before --><r/>"));
    }
}
