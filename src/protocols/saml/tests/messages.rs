//! Messages and metadata, read as they were written.

use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::authn_request::NameIdPolicy;
use crate::protocols::saml::authn_request::RequestedAuthnContext;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::metadata::Endpoint;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::metadata::IdentityProvider;
use crate::protocols::saml::metadata::Role;
use crate::protocols::saml::metadata::ServiceProvider;
use crate::protocols::saml::metadata_read::MetadataError;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::names::binding;
use crate::protocols::saml::names::name_id_format;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::testing;
use crate::protocols::saml::testing::KEY;
use crate::protocols::saml::testing::OTHER;
use crate::protocols::saml::xml::Document;

fn header() -> Header {
    Header {
        id: "_id".to_owned(),
        issue_instant: testing::now(),
        destination: Some("https://idp.example/sso?a=b&c".to_owned()),
        issuer: Some("urn:sp.example <&>".to_owned()),
    }
}

fn request() -> AuthnRequest {
    AuthnRequest {
        header: header(),
        assertion_consumer_url: Some(testing::ACS.to_owned()),
        assertion_consumer_index: None,
        protocol_binding: Some(binding::POST.to_owned()),
        provider_name: Some("Acme \"web\"".to_owned()),
        force_authn: true,
        is_passive: false,
        subject: Some(NameId { value: "ana".to_owned(), ..NameId::default() }),
        name_id_policy: Some(NameIdPolicy {
            format: Some(name_id_format::PERSISTENT.to_owned()),
            sp_name_qualifier: None,
            allow_create: Some(true),
        }),
        requested_authn_context: Some(RequestedAuthnContext {
            comparison: Some("exact".to_owned()),
            class_refs: vec![names::authn_context::PASSWORD.to_owned()],
        }),
    }
}

#[test]
fn an_authn_request_is_read_as_it_was_made_signed_or_not() {
    let bare = AuthnRequest {
        header: Header { destination: None, issuer: None, ..header() },
        assertion_consumer_url: None,
        assertion_consumer_index: Some(2),
        protocol_binding: None,
        provider_name: None,
        force_authn: false,
        is_passive: true,
        subject: None,
        name_id_policy: None,
        requested_authn_context: None,
    };
    for made in [request(), bare] {
        let xml = made.to_xml();
        assert_eq!(AuthnRequest::read(Document::parse(&xml).unwrap().root()), Ok(made));
    }
    let signed = Signing::with(&KEY).sign(&request().to_xml(), "_id").unwrap();
    let document = Document::parse(&signed).unwrap();
    let verified = testing::expectations().trust.verify(document.root()).unwrap();
    assert_eq!(AuthnRequest::read(verified.element()), Ok(request()));
}

#[test]
fn a_request_of_another_shape_is_told_by_element() {
    let check = |from: &str, to: &str, expected: &str| {
        let xml = request().to_xml().replacen(from, to, 1);
        let found = AuthnRequest::read(Document::parse(&xml).unwrap().root()).unwrap_err();
        assert_eq!(found.to_string(), expected);
    };
    check("ForceAuthn=\"true\"", "ForceAuthn=\"yes\"", "AuthnRequest: ForceAuthn is neither true nor false");
    check("ID=\"_id\"", "", "AuthnRequest: ID is missing");
    check("Version=\"2.0\"", "Version=\"2\"", "AuthnRequest: its version is not 2.0");
    check(
        "IssueInstant=\"2031-05-04T10",
        "IssueInstant=\"yesterday",
        "AuthnRequest: IssueInstant is not a date and time",
    );
    check(
        "<samlp:NameIDPolicy",
        "<samlp:Surprise/><samlp:NameIDPolicy",
        "AuthnRequest: Surprise is not expected there",
    );
    check("<saml:Issuer ", "<saml:Issuer Format=\"urn:x\" ", "Issuer: it is no entity's name");
    let xml = testing::response().to_response(None);
    let found = AuthnRequest::read(Document::parse(&xml).unwrap().root()).unwrap_err();
    assert_eq!(found.to_string(), "Response: it is no AuthnRequest");
}

#[test]
fn logouts_are_read_as_they_were_made() {
    let made = LogoutRequest {
        header: header(),
        not_on_or_after: Some(testing::now()),
        reason: Some("urn:oasis:names:tc:SAML:2.0:logout:user".to_owned()),
        name_id: NameId {
            value: "ana".to_owned(),
            format: Some(name_id_format::TRANSIENT.to_owned()),
            name_qualifier: Some("idp".to_owned()),
            sp_name_qualifier: Some("sp".to_owned()),
        },
        session_indexes: vec!["_a".to_owned(), "_b".to_owned()],
    };
    let xml = Signing::with(&KEY).sign(&made.to_xml(), "_id").unwrap();
    assert_eq!(LogoutRequest::read(Document::parse(&xml).unwrap().root()), Ok(made));
    let codes = [names::status::SUCCESS, names::status::PARTIAL_LOGOUT];
    let made = StatusResponse {
        status: Status::failure(codes[0], Some(codes[1]), Some("one is <left>")),
        ..testing::response()
    };
    let xml = made.to_logout_response();
    assert_eq!(StatusResponse::read_logout(Document::parse(&xml).unwrap().root()), Ok(made));
}

fn entity() -> Entity {
    let role = Role {
        signing: vec![KEY.certificate().clone(), OTHER.certificate().clone()],
        encryption: vec![OTHER.certificate().clone()],
        single_logout: vec![Endpoint {
            response_location: Some("https://idp.example/done".to_owned()),
            ..Endpoint::new(binding::REDIRECT, "https://idp.example/logout?a&b")
        }],
        name_id_formats: vec![name_id_format::EMAIL_ADDRESS.to_owned(), name_id_format::TRANSIENT.to_owned()],
    };
    let name = Attribute { name: "mail".to_owned(), friendly_name: Some("E-mail".to_owned()), ..Attribute::default() };
    let consumer = |index: u32, is_default: Option<bool>| Endpoint {
        index: Some(index),
        is_default,
        ..Endpoint::new(binding::POST, testing::ACS)
    };
    Entity {
        id: Some("_metadata".to_owned()),
        entity_id: testing::IDP.to_owned(),
        valid_until: Some(testing::now()),
        identity_provider: Some(IdentityProvider {
            role: role.clone(),
            want_authn_requests_signed: Some(false),
            single_sign_on: vec![Endpoint::new(binding::POST, "https://idp.example/sso")],
            attributes: vec![name],
        }),
        service_provider: Some(ServiceProvider {
            role,
            authn_requests_signed: Some(true),
            want_assertions_signed: None,
            assertion_consumers: vec![consumer(0, None), consumer(1, Some(true))],
        }),
    }
}

#[test]
fn metadata_is_read_as_it_was_made() {
    let xml = entity().to_xml();
    assert_eq!(Entity::read(&xml), Ok(entity()));
    let signed = Signing::with(&KEY).sign(&xml, "_metadata").unwrap();
    assert!(signed.contains("\"><ds:Signature"), "{signed}");
    assert_eq!(Entity::read(&signed), Ok(entity()));
    let document = Document::parse(&signed).unwrap();
    assert!(testing::expectations().trust.verify(document.root()).is_ok());
    let consumers = entity().service_provider.unwrap().assertion_consumers;
    assert!(Endpoint::with_binding(&consumers, binding::REDIRECT).is_none());
}

#[test]
fn metadata_of_others_is_read_with_patience() {
    let several = |count: usize| {
        let inner = entity().to_xml().replace(" ID=\"_metadata\"", "").repeat(count);
        format!("<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{inner}</EntitiesDescriptor>")
    };
    assert_eq!(Entity::read(&several(1)).unwrap().entity_id, testing::IDP);
    assert_eq!(Entity::read_all(&several(3)).unwrap().len(), 3);
    assert_eq!(Entity::read(&several(2)), Err(MetadataError::Entities(2)));
    assert_eq!(Entity::read(&several(0)), Err(MetadataError::Entities(0)));
    assert!(matches!(Entity::read("<html/>"), Err(MetadataError::Schema(_))));
    assert!(matches!(Entity::read("<html>"), Err(MetadataError::Xml(_))));

    let xml = entity().to_xml();
    let without_use = xml.replace(" use=\"signing\"", "");
    let role = Entity::read(&without_use).unwrap().identity_provider.unwrap().role;
    assert_eq!((role.signing.len(), role.encryption.len()), (2, 3));
    let others = xml.replacen(
        "<IDPSSODescriptor",
        "<RoleDescriptor/><IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:1.1:protocol\"/><IDPSSODescriptor",
        1,
    );
    assert_eq!(Entity::read(&others), Ok(entity()));
    let broken = xml.replacen("<X509Certificate>", "<X509Certificate>AAAA", 1);
    assert_eq!(Entity::read(&broken).unwrap().identity_provider.unwrap().role.signing.len(), 1);
}
