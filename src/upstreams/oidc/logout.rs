//! `GET|POST /logout`: signs out at this browser. Source: OpenID Connect RP-Initiated Logout §2 and §3.

use std::convert::Infallible;

use axum::extract;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use serde_json::Value;

use crate::http::parameters::Parameters;
use crate::protocols::oauth::callback;
use crate::upstreams::clients::Client;
use crate::upstreams::fake::Dialect as _;
use crate::upstreams::keys;
use crate::upstreams::oidc::Oidc;
use crate::upstreams::oidc::dialect::OidcDialect;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::request;

/// Signs everybody out, then goes where the app wants, if that is known to be the app's.
pub(super) async fn sign_out(oidc: Oidc, request: extract::Request) -> Result<Response, ErrorPage> {
    let wrong = |detail: &str| ErrorPage::new(&oidc, StatusCode::BAD_REQUEST, "invalid_request", detail);
    let parameters = request::read(request).await.map_err(|error| wrong(&error.to_string()))?.parameters;
    let away = match parameters.get("post_logout_redirect_uri") {
        None => None,
        Some(uri) => {
            let client = client(&oidc, &parameters).await;
            let client = client.filter(|client| client.allows_redirect(uri, &oidc.authority()));
            client.ok_or_else(|| wrong("The post_logout_redirect_uri is not one of the client's."))?;
            let state = parameters.get("state").map(|state| ("state", state));
            Some(callback::in_query(uri, &state.into_iter().collect::<Vec<_>>()))
        }
    };
    if let Some(browser) = &oidc.browser {
        let Ok(()) = oidc.upstreams.write(|draft| -> Result<(), Infallible> {
            draft.of_mut(OidcDialect::PROVIDER).sign_out(browser);
            Ok(())
        });
    }
    let mut response = match away {
        Some(location) => pages::away(&location),
        None => pages::notice(&oidc, "Signed out", "Nobody is signed in at this browser any more.")?,
    };
    response.headers_mut().extend(oidc.no_cookie().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// The app, by its id or by the ID token that it shows; one that has expired will do.
async fn client(oidc: &Oidc, parameters: &Parameters) -> Option<Client> {
    if let Some(id) = parameters.get("client_id") {
        return oidc.read().client(id);
    }
    let hint = parameters.get("id_token_hint")?;
    let claims = keys::verify_own(oidc, hint).await.ok()?;
    oidc.read().client(claims.get("aud").and_then(Value::as_str)?)
}
