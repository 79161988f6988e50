//! Every classic form of wrapping, made of a good response and refused.

use crate::protocols::saml::consume::consume;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::names;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::testing;
use crate::protocols::saml::testing::KEY;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::wrapping::Wrapping;
use crate::protocols::saml::xml::Document;

fn wrapped(form: Wrapping) -> String {
    let good = if form.needs_signed_response() {
        let plain = testing::response().to_response(Some(&testing::assertion().to_xml()));
        Signing::with(&KEY).sign(&plain, "_response").unwrap()
    } else {
        testing::signed(&testing::response(), &testing::assertion())
    };
    assert!(consume(&good, &testing::expectations()).is_ok());
    form.wrap(&good, |element| element.replace("ana@corp.example", "admin@corp.example")).unwrap()
}

#[test]
fn every_form_is_refused() {
    for form in Wrapping::ALL {
        let refusal = consume(&wrapped(form), &testing::expectations()).unwrap_err();
        assert_eq!(refusal.check(), "wrapping", "{form:?}: {refusal}");
    }
}

#[test]
fn every_form_would_fool_who_takes_the_first_name_and_any_good_signature() {
    for form in Wrapping::ALL {
        let xml = wrapped(form);
        let document = Document::parse(&xml).unwrap();
        let all: Vec<Element<'_>> = document.root().descendants().collect();
        let texts = |name: &str| -> Vec<String> {
            all.iter().filter(|element| element.is(names::ASSERTION, name)).map(|element| element.text()).collect()
        };
        let found = texts("NameID");
        assert!(found.contains(&"admin@corp.example".to_owned()), "{form:?}: {xml}");
        // What was signed is still there, whole.
        assert!(found.contains(&"ana@corp.example".to_owned()), "{form:?}: {xml}");
        let value = |element: &&Element<'_>| element.is(names::SIGNATURE, "SignatureValue");
        assert_eq!(all.iter().filter(value).count(), 1, "{form:?}");
    }
}

#[test]
fn without_the_look_at_places_a_moved_signature_is_still_wrong() {
    // The forged element carries a signature over another one.
    let xml = wrapped(Wrapping::Xsw5);
    let document = Document::parse(&xml).unwrap();
    let forged = document.root().children_named(names::ASSERTION, "Assertion").next().unwrap();
    let found = testing::expectations().trust.verify(forged).unwrap_err();
    assert_eq!(found, SignatureError::Form("is over another element"));
}

#[test]
fn what_hides_elsewhere_is_found() {
    let good = testing::signed(&testing::response(), &testing::assertion());
    let refused = |xml: &str| match consume(xml, &testing::expectations()) {
        Err(refusal) => refusal,
        Ok(found) => panic!("{found:?}"),
    };
    let extension = |inner: &str| {
        good.replacen("<samlp:Status>", &format!("<samlp:Extensions>{inner}</samlp:Extensions><samlp:Status>"), 1)
    };
    let assertion = testing::assertion().to_xml().replace("_assertion", "_forged");
    assert!(matches!(refused(&extension(&assertion)), Refusal::Wrapping(_)));
    let signature = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    assert!(matches!(refused(&extension(signature)), Refusal::Wrapping(_)));
    assert!(matches!(refused(&extension("<samlp:Response/>")), Refusal::Wrapping(_)));
    assert!(consume(&extension("<x/>"), &testing::expectations()).is_ok());
    // The same id twice.
    assert_eq!(refused(&extension("<x ID=\"_assertion\"/>")).check(), "xml");
    // Two that are both good.
    let second = good.split_once("<saml:Assertion").unwrap().1.split_once("</samlp:Response>").unwrap().0;
    let other = Signing::with(&KEY).sign(&assertion, "_forged").unwrap();
    let two = good.replacen("</samlp:Response>", &format!("{other}</samlp:Response>"), 1);
    assert!(two.contains(second));
    assert_eq!(refused(&two), Refusal::Wrapping("there are several assertions"));
}
