//! What is written is read again, and nothing that the schema doesn't allow.

use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Kind;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::names::v1_1;
use crate::protocols::saml::testing;
use crate::protocols::saml::xml::Document;

const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";

/// As SAML 1.1 can say it.
fn assertion() -> Assertion {
    let mut assertion = testing::assertion();
    if let Some(subject) = &mut assertion.subject {
        subject.confirmations = vec![Confirmation { method: v1_1::BEARER.to_owned(), ..Confirmation::default() }];
    }
    for statement in &mut assertion.authn_statements {
        statement.session_index = None;
        statement.class_ref = Some(v1_1::authentication_method::PASSWORD.to_owned());
    }
    let names = [EMAIL, "plain", "urn:oid:2.5.4.42", "http://x.example/"];
    let untyped = |text: &str| Value { text: text.to_owned(), kind: Kind::Untyped };
    let attribute = |name: &str| Attribute {
        name: name.to_owned(),
        values: vec![untyped("Zo\u{eb} & <co>"), untyped("b")],
        ..Attribute::default()
    };
    assertion.attributes = names.map(attribute).into();
    assertion
}

fn read(xml: &str) -> Result<Assertion, String> {
    let document = Document::parse(xml).map_err(|error| error.to_string())?;
    Assertion::read_1_1(document.root()).map_err(|error| error.to_string())
}

#[test]
fn what_is_written_is_read_again() {
    let xml = assertion().to_xml_1_1();
    assert_eq!(read(&xml), Ok(assertion()));
    let named =
        r#"AttributeName="emailaddress" AttributeNamespace="http://schemas.xmlsoap.org/ws/2005/05/identity/claims""#;
    assert!(xml.contains(named), "{xml}");
}

#[test]
fn other_forms_are_refused() {
    let xml = assertion().to_xml_1_1();
    let check = |from: &str, to: &str, expected: &str| {
        let changed = xml.replacen(from, to, 1);
        assert_ne!(changed, xml, "{from} is not there");
        assert_eq!(read(&changed).unwrap_err(), expected);
    };
    check("MinorVersion=\"1\"", "MinorVersion=\"0\"", "Assertion: its version is not 1.1");
    check("AssertionID=\"_assertion\"", "", "Assertion: AssertionID is missing");
    check(
        "ana@corp.example",
        "eve@corp.example",
        "AuthenticationStatement: its Subject is not that of the other statements",
    );
    check(
        "ana@corp.example",
        "ana@corp.example<!-- -->.evil.example",
        "NameIdentifier: there is a comment in its text",
    );
    check(
        "<saml:AttributeStatement>",
        "<saml:Evil/><saml:AttributeStatement>",
        "Assertion: Evil is not expected there",
    );
    check(
        "AuthenticationInstant=\"2031",
        "AuthenticationInstant=\"",
        "AuthenticationStatement: AuthenticationInstant is not a date and time",
    );
    assert_eq!(read("<Assertion/>").unwrap_err(), "Assertion: it is no Assertion of SAML 1.1");
}

#[test]
fn conditions_are_read() {
    let xml = assertion().to_xml_1_1();
    let with = |condition: &str| {
        let changed = xml.replacen("</saml:Conditions>", &format!("{condition}</saml:Conditions>"), 1);
        read(&changed).unwrap().conditions.unwrap()
    };
    assert!(with("<saml:DoNotCacheCondition/>").one_time_use);
    assert!(with("<saml:Other/>").unknown);
    let second =
        "<saml:AudienceRestrictionCondition><saml:Audience>urn:b</saml:Audience></saml:AudienceRestrictionCondition>";
    assert_eq!(with(second).audiences, [vec![testing::SP.to_owned()], vec!["urn:b".to_owned()]]);
}
