//! The octets that are digested and signed: an element in exclusive canonical form.
//! Source: Exclusive XML Canonicalization 1.0, XML Signature §4.4.3.

use bergshamra_c14n::C14nMode;
use bergshamra_c14n::canonicalize_doc;
use bergshamra_xml::nodeset::NodeSet;

use crate::protocols::saml::element::Element;
use crate::protocols::saml::names::EXCLUSIVE_C14N;

/// How many prefixes may be kept that nothing uses.
const MOST_PREFIXES: usize = 32;

/// A canonicalization, as a `CanonicalizationMethod` or a `Transform` names it.
pub(super) struct Canonical {
    pub(super) mode: C14nMode,
    /// The prefixes whose declarations stay though no name uses them.
    prefixes: Vec<String>,
}

impl Canonical {
    /// As we sign.
    pub(super) fn plain() -> Self {
        Self { mode: C14nMode::Exclusive, prefixes: Vec::new() }
    }

    /// With the `InclusiveNamespaces` below the element that named it; `None` when something else stands there.
    pub(super) fn of(mode: C14nMode, named_by: Element<'_>) -> Option<Self> {
        let mut prefixes = Vec::new();
        for child in named_by.children() {
            if !child.is(EXCLUSIVE_C14N, "InclusiveNamespaces") || !prefixes.is_empty() {
                return None;
            }
            prefixes = child.attribute("PrefixList")?.split_ascii_whitespace().map(str::to_owned).collect();
        }
        (prefixes.len() <= MOST_PREFIXES).then_some(Self { mode, prefixes })
    }

    /// For what a reference by id is over: it has left comments out before any transform (XML Signature §4.4.3.3).
    pub(super) fn of_reference(self) -> Self {
        Self { mode: C14nMode::Exclusive, ..self }
    }

    /// The octets of an element, without another one in it (its own signature).
    pub(super) fn octets(&self, of: Element<'_>, without: Option<Element<'_>>) -> Option<Vec<u8>> {
        let tree = of.tree();
        // All of a document needs no list of its nodes, which takes longer to make than the octets.
        if of.parent().is_none() && without.is_none() && !self.mode.with_comments() {
            return canonicalize_doc(tree, self.mode, None, &self.prefixes).ok();
        }
        let mut nodes = if self.mode.with_comments() {
            NodeSet::tree_with_comments(of.node(), tree)
        } else {
            NodeSet::tree_without_comments(of.node(), tree)
        };
        if let Some(without) = without {
            nodes = nodes.subtract(&NodeSet::tree_with_comments(without.node(), tree));
        }
        canonicalize_doc(tree, self.mode, Some(&nodes), &self.prefixes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::saml::xml::Document;

    #[test]
    fn the_form_is_the_standards() {
        let check = |text: &str, expected: &str| {
            let document = Document::parse(text).unwrap();
            let inner = document.root().children().next().unwrap();
            let without = inner.children().find(|child| child.name() == "s");
            let octets = Canonical::plain().octets(inner, without).unwrap();
            assert_eq!(String::from_utf8(octets).unwrap(), expected);
        };
        check("<r xmlns:a='u' xmlns:b='v'><a:e b='2' a='1'/></r>", r#"<a:e xmlns:a="u" a="1" b="2"></a:e>"#);
        check("<r xmlns='u'><e><!-- c --><s>gone</s>a&#13;&gt;</e></r>", "<e xmlns=\"u\">a&#xD;&gt;</e>");
        check("<r xmlns:a='u'><e><a:f/><a:g/></e></r>", r#"<e><a:f xmlns:a="u"></a:f><a:g xmlns:a="u"></a:g></e>"#);
        check("<r>before<e><![CDATA[<]]></e>after</r>", "<e>&lt;</e>");
    }
}
