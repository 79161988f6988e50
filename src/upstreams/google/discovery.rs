//! Where Google's endpoints are and which keys it signs with. Source: spec/upstreams.md §1.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::keys::digest;
use crate::upstreams::google::Google;
use crate::upstreams::google::error::GoogleError;
use crate::upstreams::keys;

/// `GET /.well-known/openid-configuration`.
pub(super) async fn document(google: Google) -> Response {
    let base = &google.base;
    let document = json!({
        "issuer": base.0,
        "authorization_endpoint": base.url("/o/oauth2/v2/auth"),
        "device_authorization_endpoint": base.url_at("oauth2.googleapis.com", "/device/code"),
        "token_endpoint": base.url_at("oauth2.googleapis.com", "/token"),
        "userinfo_endpoint": base.url_at("openidconnect.googleapis.com", "/v1/userinfo"),
        "revocation_endpoint": base.url_at("oauth2.googleapis.com", "/revoke"),
        "jwks_uri": base.url_at("www.googleapis.com", "/oauth2/v3/certs"),
        "response_types_supported": [
            "code", "token", "id_token", "code token", "code id_token", "token id_token", "code token id_token", "none"
        ],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [
            "aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "picture", "sub"
        ],
        "code_challenge_methods_supported": ["plain", "S256"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer"
        ],
    });
    ([(CACHE_CONTROL, "public, max-age=3600")], Json(document)).into_response()
}

/// `GET /oauth2/v3/certs`: the keys as a JWK set.
pub(super) async fn key_set(google: Google) -> Result<Response, GoogleError> {
    let keys = keys::published(&google).await?;
    Ok(published(json!({ "keys": keys })))
}

/// `GET /oauth2/v1/certs`: the same keys as certificates by key id, for `google-auth-library` in Node.
pub(super) async fn certificates(google: Google) -> Result<Response, GoogleError> {
    let keys = keys::all(&google).await?;
    let pairs = keys.iter().map(|key| (key.kid().to_owned(), Value::from(pem(key.certificate_der()))));
    Ok(published(pairs.collect::<Map<_, _>>().into()))
}

fn published(keys: Value) -> Response {
    ([(CACHE_CONTROL, "public, max-age=20000, must-revalidate, no-transform")], Json(keys)).into_response()
}

/// RFC 7468 §5.
fn pem(der: &[u8]) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut column = 0;
    for character in digest::base64(der).chars() {
        text.push(character);
        column += 1;
        if column == 64 {
            text.push('\n');
            column = 0;
        }
    }
    if column > 0 {
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}
