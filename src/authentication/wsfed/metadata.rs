//! The tenant as security token service, for a relying party to load as it is. Source: spec/enterprise.md §5.2.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::samlp;
use crate::authentication::visitor::Visitor;
use crate::authentication::wsfed;
use crate::authentication::wsfed::Came;
use crate::domain::profile::claim_uris;
use crate::http::address::Address;
use crate::keys::Keyring;
use crate::protocols::wsfed::metadata::TokenService;
use crate::store::tenant::Tenant;

/// Claims that every token may have, with what they are called to people.
const CLAIMS: [(&str, &str); 7] = [
    (claim_uris::NAME_ID, "Name ID"),
    (claim_uris::EMAIL, "E-Mail Address"),
    (claim_uris::NAME, "Name"),
    (claim_uris::GIVEN_NAME, "Given Name"),
    (claim_uris::SURNAME, "Surname"),
    (claim_uris::UPN, "UPN"),
    (claim_uris::GROUP, "Group"),
];

/// `GET /wsfed/FederationMetadata/2007-06/FederationMetadata.xml`; with a client in the path its own endpoint is told.
pub(in crate::authentication) async fn read(
    tenant: Tenant,
    keyring: Keyring,
    visitor: Visitor,
    came: Came,
) -> Response {
    let result = describe(&tenant, &keyring, &visitor.address, came.client.as_deref()).await;
    settle(result, &tenant, &visitor).await
}

async fn describe(
    tenant: &Tenant,
    keyring: &Keyring,
    address: &Address,
    named: Option<&str>,
) -> Result<Response, AuthorizeError> {
    let state = tenant.read();
    let client = wsfed::client(&state, named, None)?;
    client.map_or(Ok(()), |client| wsfed::check_addon(client))?;
    let passive = client.map_or_else(|| "/wsfed".to_owned(), |client| format!("/wsfed/{}", client.client_id));
    let service = TokenService {
        entity_id: wsfed::issuer(address),
        signing: vec![samlp::tenant_key(keyring, &state).await?.certificate().clone()],
        passive: address.url(&passive),
        claims: CLAIMS.map(|(uri, name)| (uri.to_owned(), name.to_owned())).into(),
    };
    Ok(([(CONTENT_TYPE, "application/xml; charset=utf-8")], service.to_xml()).into_response())
}
