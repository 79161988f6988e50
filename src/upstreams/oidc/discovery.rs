//! Where the endpoints are and which keys sign. Source: OpenID Connect Discovery §3.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::upstreams::keys;
use crate::upstreams::oidc::Oidc;
use crate::upstreams::oidc::error::OidcError;
use crate::upstreams::oidc::scopes;

/// Claims of the protocol, in front of those of a person.
const OF_TOKENS: [&str; 5] = ["iss", "aud", "iat", "exp", "nonce"];

/// `GET /.well-known/openid-configuration`.
pub(super) async fn document(oidc: Oidc) -> Response {
    let base = &oidc.base;
    let document = json!({
        "issuer": base.0,
        "authorization_endpoint": base.url("/authorize"),
        "token_endpoint": base.url("/token"),
        "userinfo_endpoint": base.url("/userinfo"),
        "jwks_uri": base.url("/jwks"),
        "revocation_endpoint": base.url("/revoke"),
        "end_session_endpoint": base.url("/logout"),
        "response_types_supported": ["code", "id_token", "code id_token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": ["authorization_code", "implicit", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": scopes::all().collect::<Vec<_>>(),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
        "claims_supported": OF_TOKENS.into_iter().chain(scopes::claims()).collect::<Vec<_>>(),
        "code_challenge_methods_supported": ["S256", "plain"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
    });
    ([(CACHE_CONTROL, "public, max-age=3600")], Json(document)).into_response()
}

/// `GET /jwks`.
pub(super) async fn key_set(oidc: Oidc) -> Result<Response, OidcError> {
    let keys = keys::published(&oidc).await?;
    Ok(([(CACHE_CONTROL, "public, max-age=3600")], Json(json!({ "keys": keys }))).into_response())
}
