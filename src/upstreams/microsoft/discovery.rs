//! Where Microsoft's endpoints are and which keys it signs with. Source: spec/upstreams.md §4.

use axum::Json;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::keys;
use crate::upstreams::microsoft::Microsoft;
use crate::upstreams::microsoft::directory::Place;
use crate::upstreams::microsoft::error::At;

/// `GET /{directory}[/v2.0]/.well-known/openid-configuration`.
pub(super) async fn document(microsoft: Microsoft, request: Request) -> Result<Response, At> {
    let place = place_of(&microsoft, &request)?;
    let base = &microsoft.base;
    let at = |rest: &str| place.version.endpoint(base, place.directory.name(), rest);
    let document = json!({
        "token_endpoint": at("/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": at("/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": place.issuer(base),
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": base.url_at("graph.microsoft.com", "/oidc/userinfo"),
        "authorization_endpoint": at("/oauth2/v2.0/authorize"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": at("/oauth2/v2.0/logout"),
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
            "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash",
            "c_hash", "email"
        ],
    });
    Ok(([(CACHE_CONTROL, "max-age=86400, private")], Json(document)).into_response())
}

/// `GET /{directory}/discovery[/v2.0]/keys`: with certificates, and the issuer that each key is for.
pub(super) async fn key_set(microsoft: Microsoft, request: Request) -> Result<Response, At> {
    let place = place_of(&microsoft, &request)?;
    let keys = keys::all(&microsoft).await;
    let keys = keys.map_err(|failure| At(failure.into(), microsoft.now()))?;
    let shown = keys.map(|key| {
        let mut jwk = key.jwk(true);
        if let Some(members) = jwk.as_object_mut() {
            members.remove("alg");
            members.insert("issuer".to_owned(), place.issuer(&microsoft.base).into());
        }
        jwk
    });
    let body = json!({ "keys": Vec::<Value>::from(shown) });
    Ok(([(CACHE_CONTROL, "max-age=86400, private")], Json(body)).into_response())
}

fn place_of(microsoft: &Microsoft, request: &Request) -> Result<Place, At> {
    // The path without the fake's own place before it.
    Place::of(microsoft, request.uri().path()).map_err(|error| At(error, microsoft.now()))
}
