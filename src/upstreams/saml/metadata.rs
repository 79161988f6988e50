//! `GET /{name}/metadata`: what a provider says of itself, for service providers to load as it is.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::failure::Failure;
use crate::protocols::saml::metadata::Endpoint;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::metadata::IdentityProvider;
use crate::protocols::saml::metadata::Role;
use crate::protocols::saml::names::binding;
use crate::protocols::saml::names::name_id_format;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::pages::At;

pub(super) async fn show(at: At) -> Result<Response, ErrorPage> {
    let key = at.key(0).await?;
    let (sso, slo) = (at.url("/sso"), at.url("/slo"));
    let formats = [
        name_id_format::EMAIL_ADDRESS,
        name_id_format::PERSISTENT,
        name_id_format::TRANSIENT,
        name_id_format::UNSPECIFIED,
    ];
    let role = Role {
        signing: vec![key.certificate().clone()],
        single_logout: vec![Endpoint::new(binding::REDIRECT, &slo), Endpoint::new(binding::POST, &slo)],
        name_id_formats: formats.map(str::to_owned).into(),
        ..Role::default()
    };
    let identity_provider = IdentityProvider {
        role,
        want_authn_requests_signed: Some(false),
        single_sign_on: vec![Endpoint::new(binding::REDIRECT, &sso), Endpoint::new(binding::POST, &sso)],
        attributes: Vec::new(),
    };
    let entity = Entity { entity_id: at.entity_id(), identity_provider: Some(identity_provider), ..Entity::default() };
    Ok(([(CONTENT_TYPE, "application/samlmetadata+xml")], entity.to_xml()).into_response())
}

/// A key that can't be had is the server's failure.
pub(super) fn failed(error: impl std::fmt::Display) -> ErrorPage {
    ErrorPage::Failure(Failure::new(error))
}
