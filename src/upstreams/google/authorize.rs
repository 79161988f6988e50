//! `GET|POST /o/oauth2/v2/auth`: what an app asks for, checked; then the pages. Source: spec/upstreams.md §1.

use std::convert::Infallible;

use axum::extract;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use crate::http::parameters::Parameters;
use crate::protocols::oauth::pkce::Challenge;
use crate::upstreams::dialogs;
use crate::upstreams::dialogs::Request;
use crate::upstreams::google::Google;
use crate::upstreams::google::scopes;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::provider::Provider;
use crate::upstreams::request;
use crate::upstreams::sign_in;
use crate::upstreams::sign_in::Prompt;

/// Shows the pages that are needed, or none.
pub(super) async fn authorize(google: Google, request: extract::Request) -> Result<Response, ErrorPage> {
    let asked = request::read(request).await.map_err(|error| bad_request(&google, &error.to_string()))?;
    let parameters = asked.parameters;
    let request = check(&google, &parameters)?;
    let prompts: Vec<&str> = parameters.get("prompt").unwrap_or_default().split_whitespace().collect();
    let prompt = match prompts.as_slice() {
        ["none"] => Prompt::Never,
        several if several.contains(&"none") => {
            return Err(bad_request(&google, "prompt=none cannot be combined with other prompts"));
        }
        several if several.contains(&"select_account") => Prompt::Account,
        _ => Prompt::AsNeeded,
    };
    sign_in::begin(&google, &request, (prompt, parameters.get("login_hint"))).await
}

/// `GET /Logout`: signs every account out at this browser.
pub(super) async fn sign_out(google: Google) -> Result<Response, ErrorPage> {
    if let Some(browser) = &google.browser {
        let Ok(()) = google.upstreams.write(|draft| -> Result<(), Infallible> {
            draft.of_mut(Provider::Google).sign_out(browser);
            Ok(())
        });
    }
    let mut response = pages::notice(&google, "Signed out", "Nobody is signed in at this browser any more.")?;
    response.headers_mut().extend(google.no_cookie().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// Client and redirect first: until they are known nobody is sent anywhere.
fn check(google: &Google, parameters: &Parameters) -> Result<Request, ErrorPage> {
    let required = |name: &str| {
        parameters.get(name).ok_or_else(|| bad_request(google, &format!("Missing required parameter: {name}")))
    };
    let page = |status, code: &str, detail: &str| ErrorPage::new(google, status, code, detail);
    let client = google.read().client(required("client_id")?).ok_or_else(|| {
        page(StatusCode::UNAUTHORIZED, "Error 401: invalid_client", "The OAuth client was not found.")
    })?;
    let redirect_uri = required("redirect_uri")?;
    if !client.allows_redirect(redirect_uri, &google.authority()) {
        let detail = format!("The redirect URI in the request, {redirect_uri}, is not one of the OAuth client's.");
        return Err(page(StatusCode::BAD_REQUEST, "Error 400: redirect_uri_mismatch", &detail));
    }
    if required("response_type")? != "code" {
        let detail = "The fake Google answers with response_type=code only.";
        return Err(page(StatusCode::BAD_REQUEST, "Error 400: unsupported_response_type", detail));
    }
    let scopes = scopes::parse(required("scope")?).map_err(|unknown| {
        let detail = format!("Some requested scopes were invalid: {unknown}");
        page(StatusCode::BAD_REQUEST, "Error 400: invalid_scope", &detail)
    })?;
    let method = parameters.get("code_challenge_method");
    let challenge = match parameters.get("code_challenge").map(|challenge| Challenge::of(challenge, method)) {
        Some(None) => return Err(bad_request(google, "Invalid code_challenge_method")),
        challenge => challenge.flatten(),
    };
    let text = |name: &str| parameters.get(name).map(str::to_owned);
    let asks_consent = parameters.get("prompt").unwrap_or_default().split_whitespace().any(|one| one == "consent");
    Ok(Request {
        client_id: client.id,
        redirect_uri: redirect_uri.to_owned(),
        state: text("state"),
        scopes,
        response: dialogs::Response { code: true, ..dialogs::Response::default() },
        nonce: text("nonce"),
        challenge,
        offline: parameters.get("access_type") == Some("offline"),
        include_granted: parameters.get("include_granted_scopes") == Some("true"),
        ask_again: asks_consent || parameters.get("approval_prompt") == Some("force"),
        domain: text("hd"),
    })
}

fn bad_request(google: &Google, detail: &str) -> ErrorPage {
    ErrorPage::new(google, StatusCode::BAD_REQUEST, "Error 400: invalid_request", detail)
}
