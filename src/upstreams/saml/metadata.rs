//! `GET /{name}/metadata`: what a provider says of itself, for service providers to load as it is.

use std::collections::BTreeSet;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::failure::Failure;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::metadata::Endpoint;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::metadata::IdentityProvider;
use crate::protocols::saml::metadata::Role;
use crate::protocols::saml::names::binding;
use crate::protocols::saml::names::name_id_format;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::saml::dialect;
use crate::upstreams::saml::pages::At;

/// How many attributes are named.
const MOST_ATTRIBUTES: usize = 100;

pub(super) async fn show(at: At) -> Result<Response, ErrorPage> {
    let key = at.key(at.first_key()).await?;
    let endpoints = |path: &str| {
        let url = at.url(path);
        vec![Endpoint::new(binding::REDIRECT, &url), Endpoint::new(binding::POST, &url)]
    };
    let formats = [
        name_id_format::EMAIL_ADDRESS,
        name_id_format::PERSISTENT,
        name_id_format::TRANSIENT,
        name_id_format::UNSPECIFIED,
    ];
    let role = Role {
        signing: vec![key.certificate().clone()],
        name_id_formats: formats.map(str::to_owned).into(),
        single_logout: endpoints("/slo"),
        ..Role::default()
    };
    let wants_signed = at.provider.service_providers.iter().any(|known| known.certificate.is_some());
    let identity_provider = IdentityProvider {
        role,
        want_authn_requests_signed: Some(wants_signed),
        single_sign_on: endpoints("/sso"),
        attributes: attributes(&at),
    };
    let entity = Entity { entity_id: at.entity_id(), identity_provider: Some(identity_provider), ..Entity::default() };
    Ok(([(CONTENT_TYPE, "application/samlmetadata+xml")], entity.to_xml()).into_response())
}

/// The attributes that accounts have here.
fn attributes(at: &At) -> Vec<Attribute> {
    let told = at.provider.accounts.iter().flat_map(|person| person.attributes.iter().map(|(name, _)| name));
    let names: BTreeSet<&String> = told.collect();
    let attribute = |name: &String| Attribute {
        name: name.clone(),
        name_format: Some(dialect::name_format(name).to_owned()),
        friendly_name: dialect::friendly_name(name).map(str::to_owned),
        values: Vec::new(),
    };
    names.into_iter().take(MOST_ATTRIBUTES).map(attribute).collect()
}

/// A key that can't be had is the server's failure.
pub(super) fn failed(error: impl std::fmt::Display) -> ErrorPage {
    ErrorPage::Failure(Failure::new(error))
}
