//! Where Apple's endpoints are and which keys it signs with. Source: spec/upstreams.md §5.

use axum::Json;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::upstreams::apple::Apple;
use crate::upstreams::apple::error::AppleError;
use crate::upstreams::keys;

/// `GET /.well-known/openid-configuration`.
pub(super) async fn document(apple: Apple) -> Response {
    let base = &apple.base;
    let document = json!({
        "issuer": base.0,
        "authorization_endpoint": base.url("/auth/authorize"),
        "token_endpoint": base.url("/auth/token"),
        "revocation_endpoint": base.url("/auth/revoke"),
        "jwks_uri": base.url("/auth/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "name"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "claims_supported": [
            "aud", "email", "email_verified", "exp", "iat", "is_private_email", "iss", "nonce", "nonce_supported",
            "real_user_status", "sub", "transfer_sub"
        ],
    });
    Json(document).into_response()
}

/// `GET /auth/keys`.
pub(super) async fn key_set(apple: Apple) -> Result<Response, AppleError> {
    let keys = keys::published(&apple).await?;
    Ok(Json(json!({ "keys": keys })).into_response())
}
