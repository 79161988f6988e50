//! What tests of SAML share: two keys, and a response that is good unless a test makes it otherwise.

use std::sync::LazyLock;

use crate::keys::rsa_key::RsaKey;
use crate::keys::x509::Certificate;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Kind;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::verify::Trust;
use crate::time::Timestamp;

/// A new key whose certificate has this name.
pub(crate) fn new_key(common_name: &str) -> RsaKey {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, common_name);
    let certificate = params.self_signed(&pair).unwrap();
    RsaKey::new(&pair.serialize_der(), Certificate::from_der(certificate.der()).unwrap()).unwrap()
}

/// The key of the identity provider of the tests.
pub(crate) static KEY: LazyLock<RsaKey> = LazyLock::new(|| new_key("idp.example"));
/// Somebody else's.
pub(crate) static OTHER: LazyLock<RsaKey> = LazyLock::new(|| new_key("evil.example"));
static TRUSTED: LazyLock<[Certificate; 1]> = LazyLock::new(|| [KEY.certificate().clone()]);

pub(crate) const IDP: &str = "urn:idp.example";
pub(crate) const SP: &str = "urn:sp.example";
pub(crate) const ACS: &str = "https://sp.example/login/callback?connection=acme-saml";
pub(crate) const REQUEST: &str = "_request";

/// 2031-05-04T10:00:00Z.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(1_935_655_200_000)
}

/// What fits the response.
pub(crate) fn expectations() -> Expectations<'static> {
    Expectations {
        trust: Trust { certificates: &*TRUSTED, sha1: Sha1::Refused },
        issuer: Some(IDP),
        audience: SP,
        destinations: &[ACS],
        recipients: &[ACS],
        request: Some(REQUEST),
        unsolicited: false,
        now: now(),
        skew_seconds: 60,
        decryption_keys: &[],
    }
}

pub(crate) fn response() -> StatusResponse {
    let header = Header {
        id: "_response".to_owned(),
        issue_instant: now(),
        destination: Some(ACS.to_owned()),
        issuer: Some(IDP.to_owned()),
    };
    StatusResponse { header, in_response_to: Some(REQUEST.to_owned()), status: Status::success() }
}

pub(crate) fn assertion() -> Assertion {
    let confirmation = Confirmation {
        method: names::BEARER.to_owned(),
        not_before: None,
        not_on_or_after: Some(now().plus_seconds(300)),
        recipient: Some(ACS.to_owned()),
        in_response_to: Some(REQUEST.to_owned()),
    };
    let name_id = NameId {
        value: "ana@corp.example".to_owned(),
        format: Some(names::name_id_format::EMAIL_ADDRESS.to_owned()),
        ..NameId::default()
    };
    let attribute = |name: &str, values: Vec<Value>| Attribute {
        name: name.to_owned(),
        name_format: Some(names::attribute_name_format::BASIC.to_owned()),
        friendly_name: None,
        values,
    };
    Assertion {
        id: "_assertion".to_owned(),
        issue_instant: now(),
        issuer: IDP.to_owned(),
        subject: Some(Subject { name_id: Some(name_id), confirmations: vec![confirmation] }),
        conditions: Some(Conditions {
            not_before: Some(now().plus_seconds(-10)),
            not_on_or_after: Some(now().plus_seconds(600)),
            audiences: vec![vec![SP.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: now(),
            session_index: Some("_session".to_owned()),
            session_not_on_or_after: None,
            class_ref: Some(names::authn_context::PASSWORD.to_owned()),
        }],
        attributes: vec![
            attribute("name", vec![Value::string("Zo\u{eb} & <co>\r\n")]),
            attribute("groups", vec![Value::string("admins"), Value::string("staff")]),
            attribute("active", vec![Value { text: "true".to_owned(), kind: Kind::Boolean }]),
            attribute("none", Vec::new()),
        ],
    }
}

/// The response with its assertion signed.
pub(crate) fn signed(response: &StatusResponse, assertion: &Assertion) -> String {
    let assertion = Signing::with(&KEY).sign(&assertion.to_xml(), &assertion.id).unwrap();
    response.to_response(Some(&assertion))
}
