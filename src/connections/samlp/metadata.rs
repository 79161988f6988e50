//! What a connection's identity provider has to know of the tenant. Source: spec/enterprise.md §3.1, SAML 2.0 Metadata §2.4.4.

use crate::connections::error::ConnectionError;
use crate::connections::redirect::RelyingParty;
use crate::connections::samlp;
use crate::connections::samlp::keys;
use crate::protocols::saml::metadata::Endpoint;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::metadata::Role;
use crate::protocols::saml::metadata::ServiceProvider;
use crate::protocols::saml::names::binding;
use crate::protocols::saml::names::name_id_format;

/// The service provider's `EntityDescriptor`.
///
/// # Errors
/// [`ConnectionError::Misconfigured`] when the connection's own keys can't be used.
pub(crate) async fn xml(party: RelyingParty<'_>) -> Result<String, ConnectionError> {
    let (signing, decryption) = (keys::signing(party).await?, keys::decryption(party).await?);
    let logout = party.address.url("/logout");
    let formats = [
        name_id_format::EMAIL_ADDRESS,
        name_id_format::UNSPECIFIED,
        name_id_format::PERSISTENT,
        name_id_format::TRANSIENT,
    ];
    let consumer = Endpoint {
        index: Some(0),
        is_default: Some(true),
        ..Endpoint::new(binding::POST, &samlp::assertion_consumer(party))
    };
    let role = Role {
        signing: vec![signing.certificate().clone()],
        encryption: vec![decryption.certificate().clone()],
        single_logout: vec![Endpoint::new(binding::REDIRECT, &logout), Endpoint::new(binding::POST, &logout)],
        name_id_formats: formats.map(str::to_owned).into(),
    };
    let service_provider = ServiceProvider {
        role,
        authn_requests_signed: Some(party.connection.flag_option("signSAMLRequest")),
        want_assertions_signed: Some(true),
        assertion_consumers: vec![consumer],
    };
    let entity =
        Entity { entity_id: samlp::entity_id(party), service_provider: Some(service_provider), ..Entity::default() };
    Ok(entity.to_xml())
}
