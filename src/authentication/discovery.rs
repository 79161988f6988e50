//! What OpenID Connect clients ask first. Source: spec/tokens.md §9, OpenID Connect Discovery §4.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::tenant::TenantSettings;
use crate::http::address::Address;
use crate::store::tenant::Tenant;

/// As the real service sends it, for this document and the key set alike.
pub(super) const BRIEFLY: &str = "public, max-age=15, stale-while-revalidate=15, stale-if-error=86400";

/// `GET /.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`: one document, for the
/// address that it is asked at. It waits for no keys.
pub(super) async fn read(tenant: Tenant, address: Address) -> Response {
    let document = document(&address.issuer(), &tenant.read().settings);
    ([(CACHE_CONTROL, BRIEFLY)], Json(document)).into_response()
}

/// The document in the order and with the contents that were recorded, built or not.
fn document(issuer: &str, settings: &TenantSettings) -> Map<String, Value> {
    let at = |path: &str| format!("{issuer}{path}");
    let token_algorithms = ["RS256", "RS384", "PS256"];
    let mut document = object(json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("oauth/token"),
        "device_authorization_endpoint": at("oauth/device/code"),
        "userinfo_endpoint": at("userinfo"),
        "mfa_challenge_endpoint": at("mfa/challenge"),
        "jwks_uri": at(".well-known/jwks.json"),
        "registration_endpoint": at("oidc/register"),
        "revocation_endpoint": at("oauth/revoke"),
        "scopes_supported": [
            "openid", "profile", "offline_access", "name", "given_name", "family_name", "nickname", "email",
            "email_verified", "picture", "created_at", "identities", "phone", "address"
        ],
        "response_types_supported": [
            "code", "token", "id_token", "code token", "code id_token", "token id_token", "code token id_token"
        ],
        "code_challenge_methods_supported": ["S256", "plain"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth",
            "self_signed_tls_client_auth"
        ],
        "token_endpoint_auth_signing_alg_values_supported": token_algorithms,
        "claims_supported": [
            "aud", "auth_time", "created_at", "email", "email_verified", "exp", "family_name", "given_name", "iat",
            "identities", "iss", "name", "nickname", "phone_number", "picture", "sub"
        ],
        "request_uri_parameter_supported": false,
        "request_parameter_supported": true,
        "id_token_signing_alg_values_supported": ["HS256", "RS256", "PS256"],
        "tls_client_certificate_bound_access_tokens": true,
        "request_object_signing_alg_values_supported": token_algorithms,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true
    }));
    if tells_end_session(settings) {
        document.insert("end_session_endpoint".to_owned(), at("oidc/logout").into());
    }
    document.extend(object(json!({
        "backchannel_authentication_endpoint": at("bc-authorize"),
        "backchannel_token_delivery_modes_supported": ["poll"],
        "global_token_revocation_endpoint": at("oauth/global-token-revocation/connection/{connectionName}"),
        "global_token_revocation_endpoint_auth_methods_supported": ["global-token-revocation+jwt"]
    })));
    if settings.extra.get("pushed_authorization_requests_supported") == Some(&Value::Bool(true)) {
        document.extend(object(json!({
            "pushed_authorization_request_endpoint": at("oauth/par"),
            "require_pushed_authorization_requests": false
        })));
    }
    document
}

/// `oidc_logout.rp_logout_end_session_endpoint_discovery`, true unless somebody said otherwise.
fn tells_end_session(settings: &TenantSettings) -> bool {
    let logout = settings.extra.get("oidc_logout");
    let told = logout.and_then(|logout| logout.get("rp_logout_end_session_endpoint_discovery"));
    told.and_then(Value::as_bool).unwrap_or(true)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_are_those_of_the_real_one_in_its_order() {
        let document = document("https://localhost:4480/", &TenantSettings::default());
        let names: Vec<_> = document.keys().map(String::as_str).collect();
        assert_eq!(names.len(), 29);
        assert_eq!(names[..3], ["issuer", "authorization_endpoint", "token_endpoint"]);
        assert_eq!(names[24..26], ["end_session_endpoint", "backchannel_authentication_endpoint"]);
        assert_eq!(document["jwks_uri"], "https://localhost:4480/.well-known/jwks.json");
    }

    #[test]
    fn settings_leave_out_and_add_members() {
        let settings = json!({
            "oidc_logout": { "rp_logout_end_session_endpoint_discovery": false },
            "pushed_authorization_requests_supported": true
        });
        let document = document("https://localhost/", &serde_json::from_value(settings).unwrap());
        assert!(!document.contains_key("end_session_endpoint"));
        assert_eq!(document["pushed_authorization_request_endpoint"], "https://localhost/oauth/par");
    }
}
