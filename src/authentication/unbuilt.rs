//! Endpoints of the real service that are not built yet: each answers 501 in its protocol's form, and says what it is.
//! Source: design page section 6, spec/authentication-api.md §7 to §18.

use axum::Router;
use axum::routing::any;

use crate::authentication::error::OAuthError;

/// Paths and what each would do.
const ENDPOINTS: &[(&str, &str)] = &[
    ("/oauth/par", "pushed authorization requests"),
    ("/oauth/device/code", "the device flow"),
    ("/oauth/global-token-revocation/connection/{name}", "global token revocation"),
    ("/oidc/register", "dynamic client registration"),
    ("/bc-authorize", "client-initiated backchannel authentication"),
    ("/activate", "the device flow"),
    ("/activate/confirm", "the device flow"),
    ("/device/success", "the device flow"),
    ("/mfa/challenge", "multi-factor authentication"),
    ("/mfa/associate", "multi-factor authentication"),
    ("/mfa/authenticators", "multi-factor authentication"),
    ("/mfa/authenticators/{id}", "multi-factor authentication"),
    ("/passwordless/verify", "the legacy passwordless endpoint"),
    ("/passwordless/challenge", "the challenge of passwordless logins"),
    ("/passkey/register", "login with passkeys"),
    ("/passkey/challenge", "login with passkeys"),
    ("/co/authenticate", "cross-origin authentication"),
    ("/co/verify", "cross-origin authentication"),
    ("/usernamepassword/login", "the classic login page"),
    ("/usernamepassword/challenge", "the classic login page"),
    ("/user/ssodata", "the classic login page"),
    ("/user/geoloc/country", "the classic login page"),
    ("/dbconnections/change_password/challenge", "changing passwords by mail"),
    ("/dbconnections/signup/challenge", "the sign-up challenge"),
    ("/oauth/ro", "the legacy resource owner endpoint"),
    ("/oauth/access_token", "the legacy access token endpoint"),
    ("/delegation", "delegation"),
    ("/tokeninfo", "the legacy token info endpoint"),
    ("/unlink", "the legacy unlink endpoint"),
    ("/login/unlink", "the legacy unlink endpoint"),
    ("/users/{id}/impersonate", "impersonation"),
    ("/client/{file}", "the client file of Lock"),
    ("/info-v1.js", "the tenant file of Lock"),
    ("/me/v1/{*rest}", "the My Account API"),
    ("/.well-known/apple-app-site-association", "Apple's association file"),
    ("/.well-known/assetlinks.json", "Android's association file"),
    ("/.well-known/webfinger", "WebFinger"),
];

/// Every one of them, with any method.
pub(super) fn router() -> Router {
    ENDPOINTS
        .iter()
        .fold(Router::new(), |router, &(path, what)| router.route(path, any(async move || OAuthError::NotBuilt(what))))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn what_is_not_built_says_what_it_is() {
        let request = Request::post("/bc-authorize").body(Body::empty()).unwrap();
        let response = router().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 501);
        assert!(!response.headers().contains_key("retry-after"));
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        let expected = r#"{"error":"unsupported","error_description":"client-initiated backchannel authentication is not built yet"}"#;
        assert_eq!(body, expected);
    }
}
