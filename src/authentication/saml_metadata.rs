//! `/samlp/metadata?connection=NAME`: the tenant, as the identity provider of a SAML connection has to know it.
//! Source: spec/enterprise.md §3.1.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::departure::Abroad;
use crate::connections::samlp::metadata;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::http::parameters::Parameters;
use crate::store::tenant::Tenant;

/// What the answers say of themselves; unverified.
const XML: &str = "text/xml; charset=utf-8";

/// The name of a connection, from the query.
pub(super) struct Asked(Option<String>);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self(query.ok().and_then(|query| query.get("connection").map(str::to_owned))))
    }
}

/// `GET /samlp/metadata?connection=NAME`
pub(super) async fn read(
    tenant: Tenant,
    abroad: Abroad,
    address: Address,
    Asked(name): Asked,
) -> Result<Response, Failure> {
    let state = tenant.read();
    let found = name.as_deref().and_then(|name| state.connection_named(name));
    let Some(connection) = found.filter(|connection| connection.strategy.is_saml()) else {
        // Unverified, as are the texts.
        let text = match name {
            Some(name) => format!("There is no SAML connection \"{name}\""),
            None => "Missing required parameter: connection".to_owned(),
        };
        return Ok((StatusCode::NOT_FOUND, text).into_response());
    };
    match metadata::xml(abroad.party(&tenant, connection, &address)).await {
        Ok(xml) => Ok(([(CONTENT_TYPE, XML)], xml).into_response()),
        Err(error) => Ok((StatusCode::BAD_REQUEST, format!("failed to {error}")).into_response()),
    }
}
