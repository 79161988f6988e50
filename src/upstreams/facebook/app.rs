//! Who asks: an app by its id and secret, and what every endpoint of Graph reads.

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use crate::upstreams::clients::Client;
use crate::upstreams::facebook::Facebook;
use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::facebook::error::HEADERS;
use crate::upstreams::request;
use crate::upstreams::request::Asked;

/// A request's parameters; what can't be read is answered in Graph's words.
pub(super) struct GraphAsked(pub(super) Asked);

impl<S: Send + Sync> FromRequest<S> for GraphAsked {
    type Rejection = GraphError;

    async fn from_request(request: Request, _: &S) -> Result<Self, GraphError> {
        Ok(Self(request::read(request).await?))
    }
}

/// The node that a path names, and what of it. What is no path of Graph's is answered in Graph's words.
/// Read by name: a path may have more parts, which were taken off before.
#[derive(Deserialize)]
pub(super) struct GraphPath {
    pub(super) node: String,
    pub(super) permission: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for GraphPath {
    type Rejection = GraphError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GraphError> {
        let path = Path::<Self>::from_request_parts(parts, state).await;
        path.map(|Path(path)| path).map_err(|_| GraphError::UnknownPath)
    }
}

/// An answer of Graph.
pub(super) fn answer(body: Value) -> Response {
    (HEADERS, Json(body)).into_response()
}

/// The app with this id and secret.
///
/// # Errors
/// [`GraphError::UnknownApp`], [`GraphError::WrongSecret`].
pub(super) fn authenticated(facebook: &Facebook, id: &str, secret: &str) -> Result<Client, GraphError> {
    let client = facebook.read().client(id).ok_or(GraphError::UnknownApp)?;
    if client.has_secret(secret) { Ok(client) } else { Err(GraphError::WrongSecret) }
}
