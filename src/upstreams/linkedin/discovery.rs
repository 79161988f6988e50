//! Where LinkedIn's endpoints are and which keys it signs with. Source: spec/upstreams.md §3.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::upstreams::keys;
use crate::upstreams::linkedin::Linkedin;
use crate::upstreams::linkedin::error::OAuthError;

/// `GET /oauth/.well-known/openid-configuration`.
pub(super) async fn document(linkedin: Linkedin) -> Response {
    let base = &linkedin.base;
    let document = json!({
        "issuer": base.url("/oauth"),
        "authorization_endpoint": base.url("/oauth/v2/authorization"),
        "token_endpoint": base.url("/oauth/v2/accessToken"),
        "userinfo_endpoint": base.url_at("api.linkedin.com", "/v2/userinfo"),
        "jwks_uri": base.url("/oauth/openid/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email"],
        "claims_supported": [
            "iss", "aud", "iat", "exp", "sub", "name", "given_name", "family_name", "picture", "email", "email_verified",
            "locale"
        ],
    });
    ([(CACHE_CONTROL, "public, max-age=3600")], Json(document)).into_response()
}

/// `GET /oauth/openid/jwks`.
pub(super) async fn key_set(linkedin: Linkedin) -> Result<Response, OAuthError> {
    let keys = keys::published(&linkedin).await?;
    Ok(([(CACHE_CONTROL, "public, max-age=3600")], Json(json!({ "keys": keys }))).into_response())
}
