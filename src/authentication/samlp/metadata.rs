//! `/samlp/metadata/{client}`: the tenant as identity provider, for a service provider to load as it is.
//! Source: spec/enterprise.md §4, SAML 2.0 Metadata §2.4.3.

use axum::extract::Path;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle_of;
use crate::authentication::samlp;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::domain::profile::claim_uris;
use crate::http::address::Address;
use crate::keys::Keyring;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::metadata::Endpoint;
use crate::protocols::saml::metadata::Entity;
use crate::protocols::saml::metadata::IdentityProvider;
use crate::protocols::saml::metadata::Role;
use crate::protocols::saml::names::attribute_name_format;
use crate::protocols::saml::names::binding;
use crate::protocols::saml::names::name_id_format;
use crate::store::tenant::Tenant;

/// Attributes that every assertion may have, with what they are called to people.
const ATTRIBUTES: [(&str, &str); 5] = [
    (claim_uris::EMAIL, "E-Mail Address"),
    (claim_uris::GIVEN_NAME, "Given Name"),
    (claim_uris::NAME, "Name"),
    (claim_uris::SURNAME, "Surname"),
    (claim_uris::NAME_ID, "Name ID"),
];

/// `GET /samlp/metadata/{client}`
pub(in crate::authentication) async fn read(
    tenant: Tenant,
    keyring: Keyring,
    visitor: Visitor,
    Path(client_id): Path<String>,
) -> Response {
    let result = describe(&tenant, &keyring, &visitor.address, &client_id).await;
    settle_of(result, &tenant, &visitor, Some(&client_id)).await
}

async fn describe(
    tenant: &Tenant,
    keyring: &Keyring,
    address: &Address,
    client_id: &str,
) -> Result<Response, AuthorizeError> {
    let state = tenant.read();
    let client = samlp::client(&state, client_id)?;
    let settings = samlp::settings(client)?;
    let key = samlp::key(keyring, &state, settings).await?;
    let sso = address.url(&format!("/samlp/{client_id}"));
    let slo = format!("{sso}/logout");
    let both = |url: &str| vec![Endpoint::new(binding::REDIRECT, url), Endpoint::new(binding::POST, url)];
    let formats = [name_id_format::EMAIL_ADDRESS, name_id_format::PERSISTENT, name_id_format::TRANSIENT];
    let role = Role {
        signing: vec![key.certificate().clone()],
        single_logout: both(&slo),
        name_id_formats: formats.map(str::to_owned).into(),
        ..Role::default()
    };
    let attribute = |(name, friendly): (&str, &str)| Attribute {
        name: name.to_owned(),
        name_format: Some(attribute_name_format::URI.to_owned()),
        friendly_name: Some(friendly.to_owned()),
        values: Vec::new(),
    };
    let identity_provider = IdentityProvider {
        role,
        want_authn_requests_signed: settings.text("signingCert").map(|_| true),
        single_sign_on: both(&sso),
        attributes: ATTRIBUTES.map(attribute).into(),
    };
    let entity_id = samlp::issuer(settings, address);
    let entity = Entity { entity_id, identity_provider: Some(identity_provider), ..Entity::default() };
    let headers = [
        (CONTENT_TYPE, "application/xml; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename={}", file_name(client))),
    ];
    Ok((headers, entity.to_xml()).into_response())
}

/// A name for who saves it.
fn file_name(client: &Client) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    format!("{}-metadata.xml", client.name.chars().take(60).map(kept).collect::<String>())
}
