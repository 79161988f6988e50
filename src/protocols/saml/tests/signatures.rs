//! Signatures made and checked.

use crate::keys::hash::Hash;
use crate::keys::x509::Certificate;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::testing::KEY;
use crate::protocols::saml::testing::OTHER;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::xml::Document;

const PLAIN: &str = r#"<p:Response xmlns:p="urn:p" xmlns:x="urn:unused" ID="_r"><a:Issuer xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">me</a:Issuer><p:Name note="&quot;&#xD;">ana<!-- c -->@example &amp; co</p:Name></p:Response>"#;

fn verify(xml: &str, certificates: &[Certificate], sha1: Sha1) -> Result<String, SignatureError> {
    let document = Document::parse(xml).unwrap();
    let signed = Trust { certificates, sha1 }.verify(document.root())?;
    Ok(signed.element().attribute("ID").unwrap().to_owned())
}

#[track_caller]
fn check(xml: &str, expected: Result<&str, SignatureError>) {
    let found = verify(xml, &[OTHER.certificate().clone(), KEY.certificate().clone()], Sha1::Refused);
    assert_eq!(found, expected.map(str::to_owned), "{xml}");
}

fn signed() -> String {
    Signing::with(&KEY).sign(PLAIN, "_r").unwrap()
}

#[test]
fn what_is_signed_is_verified_with_every_hash() {
    for (signature, digest) in
        [(Hash::Sha256, Hash::Sha256), (Hash::Sha384, Hash::Sha512), (Hash::Sha512, Hash::Sha384)]
    {
        let xml = Signing { key: &KEY, signature, digest }.sign(PLAIN, "_r").unwrap();
        assert!(xml.contains("</a:Issuer><ds:Signature "), "{xml}");
        check(&xml, Ok("_r"));
    }
    check(PLAIN, Err(SignatureError::Missing));
}

#[test]
fn sha1_is_taken_only_when_asked_for() {
    for (signature, digest) in [(Hash::Sha1, Hash::Sha1), (Hash::Sha1, Hash::Sha256), (Hash::Sha256, Hash::Sha1)] {
        let xml = Signing { key: &KEY, signature, digest }.sign(PLAIN, "_r").unwrap();
        assert!(matches!(verify(&xml, &[KEY.certificate().clone()], Sha1::Refused), Err(SignatureError::Algorithm(_))));
        assert_eq!(verify(&xml, &[KEY.certificate().clone()], Sha1::Accepted), Ok("_r".to_owned()));
    }
}

#[test]
fn a_change_is_found_and_comments_are_none() {
    let xml = signed();
    check(&xml.replace("ana", "eva"), Err(SignatureError::Digest));
    check(&xml.replace("<!-- c -->", ""), Ok("_r"));
    check(&xml.replace("<p:Name", "<p:Name more=''"), Err(SignatureError::Digest));
    let value = xml.split_once("<ds:SignatureValue>").unwrap().1.split_at(4).0;
    check(&xml.replace(value, "AAAA"), Err(SignatureError::Value));
    let digest = xml.split_once("<ds:DigestValue>").unwrap().1.split_at(4).0;
    check(&xml.replace(digest, "AAAA"), Err(SignatureError::Digest));
    check(&xml.replace("<ds:SignatureValue>", "<ds:SignatureValue>\n "), Ok("_r"));
}

#[test]
fn only_certificates_that_were_given_are_trusted() {
    let xml = Signing::with(&OTHER).sign(PLAIN, "_r").unwrap();
    let ours = [KEY.certificate().clone()];
    let thumbprint = OTHER.certificate().thumbprint();
    assert_eq!(verify(&xml, &ours, Sha1::Refused), Err(SignatureError::Untrusted(thumbprint)));
    assert_eq!(verify(&signed(), &[], Sha1::Refused), Err(SignatureError::Untrusted(KEY.certificate().thumbprint())));
    // What the document says of its key changes nothing.
    let (start, rest) = xml.split_once("<ds:KeyInfo>").unwrap();
    let end = rest.split_once("</ds:KeyInfo>").unwrap().1;
    assert_eq!(verify(&format!("{start}{end}"), &ours, Sha1::Refused), Err(SignatureError::Value));
}

#[test]
fn a_signature_of_another_form_is_refused() {
    let xml = signed();
    let form = |what| Err(SignatureError::Form(what));
    let parts = "has parts that SAML doesn't allow";
    check(&xml.replace("URI=\"#_r\"", "URI=\"\""), form("is over another element"));
    check(&xml.replace("URI=\"#_r\"", "URI=\"#_s\""), form("is over another element"));
    check(&xml.replace("ID=\"_r\"", "ID=\"\""), form("is over another element"));
    check(&xml.replace("</ds:Signature>", "<ds:Object/></ds:Signature>"), form(parts));
    let reference = xml.split_once("<ds:Reference").unwrap().1.split_once("</ds:Reference>").unwrap().0;
    let reference = format!("<ds:Reference{reference}</ds:Reference>");
    check(&xml.replace(&reference, &reference.repeat(2)), form(parts));
    check(&xml.replace(&reference, ""), form(parts));
    let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    check(&xml.replace(enveloped, "http://www.w3.org/TR/1999/REC-xslt-19991116"), form("doesn't leave itself out"));
    let signature = xml.split_once("<ds:Signature ").unwrap().1.split_once("</ds:Signature>").unwrap().0;
    let signature = format!("<ds:Signature {signature}</ds:Signature>");
    check(&xml.replace(&signature, &signature.repeat(2)), form("is there twice"));
    let hmac = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
    check(
        &xml.replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", hmac),
        Err(SignatureError::Algorithm(hmac.to_owned())),
    );
}

#[test]
fn a_reference_by_id_leaves_comments_out_whatever_its_transform_says() {
    // Signed by xmlsec1 in the same way: the digest is the one without comments.
    let transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#";
    let xml = signed().replace(transform, &format!("{transform}WithComments"));
    check(&xml, Err(SignatureError::Value));
}

#[test]
fn prefixes_may_be_kept_that_nothing_uses() {
    let list = r#"<c:InclusiveNamespaces xmlns:c="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"/>"#;
    let transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">";
    let xml = signed().replace(transform, &format!("{transform}{list}"));
    // The reference was changed, so the signature over it is wrong; the digest is still right, for `xs` isn't declared.
    check(&xml, Err(SignatureError::Value));
    let two = format!("{transform}{list}{list}");
    check(&signed().replace(transform, &two), Err(SignatureError::Form("has parts that SAML doesn't allow")));
}
