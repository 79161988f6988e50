//! `GET /{directory}/oauth2[/v2.0]/authorize`: what an app asks for, checked; then the pages. Source: spec/upstreams.md §4.

use std::convert::Infallible;

use axum::extract;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use crate::http::parameters::Parameters;
use crate::protocols::oauth::pkce::Challenge;
use crate::upstreams::dialogs;
use crate::upstreams::dialogs::Request;
use crate::upstreams::microsoft::Microsoft;
use crate::upstreams::microsoft::dialect;
use crate::upstreams::microsoft::directory::Place;
use crate::upstreams::microsoft::directory::Version;
use crate::upstreams::microsoft::error::SignInError;
use crate::upstreams::microsoft::organization;
use crate::upstreams::microsoft::scopes;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::provider::Provider;
use crate::upstreams::request;
use crate::upstreams::sign_in;
use crate::upstreams::sign_in::Prompt;

/// Shows the pages that are needed, or none.
pub(super) async fn authorize(microsoft: Microsoft, request: extract::Request) -> Result<Response, ErrorPage> {
    let place = Place::of(&microsoft, request.uri().path()).map_err(|error| shown(&microsoft, &error))?;
    begin(&microsoft, &place, request).await
}

/// The same without a directory, as the Live service has it too.
pub(super) async fn begin(
    microsoft: &Microsoft,
    place: &Place,
    request: extract::Request,
) -> Result<Response, ErrorPage> {
    let asked = request::read(request).await.map_err(|error| shown(microsoft, &error.into()))?;
    let parameters = asked.parameters;
    let request = check(microsoft, place, &parameters)?;
    let wrong = |error: &str, description: &str| Ok(pages::away(&dialect::refused(&request, error, description)));
    if parameters.get("response_type") != Some("code") {
        let description = "AADSTS700054: the fake Microsoft answers with response_type 'code' only.";
        return wrong("unsupported_response_type", description);
    }
    if !matches!(parameters.get("response_mode"), None | Some("query")) {
        let description = "AADSTS900561: the fake Microsoft answers with response_mode 'query' only.";
        return wrong("invalid_request", description);
    }
    let prompt = match parameters.get("prompt") {
        Some("none") => Prompt::Never,
        Some("select_account" | "login") => Prompt::Account,
        _ => Prompt::AsNeeded,
    };
    let hint = parameters.get("login_hint");
    if organization::sign_in::is_for(microsoft, &request, hint) {
        return organization::sign_in::begin(microsoft, &request, (prompt, hint)).await;
    }
    sign_in::begin(microsoft, &request, (prompt, hint)).await
}

/// `GET /{directory}/oauth2/v2.0/logout`: signs every account out at this browser.
pub(super) async fn sign_out(microsoft: Microsoft) -> Result<Response, ErrorPage> {
    if let Some(browser) = &microsoft.browser {
        let Ok(()) = microsoft.upstreams.write(|draft| -> Result<(), Infallible> {
            draft.of_mut(Provider::Microsoft).sign_out(browser);
            Ok(())
        });
    }
    let detail = "It's a good idea to close all browser windows.";
    let mut response = pages::notice(&microsoft, "You signed out of your account", detail)?;
    response.headers_mut().extend(microsoft.no_cookie().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// Client, redirect and scopes: until they are known nobody is sent anywhere.
fn check(microsoft: &Microsoft, place: &Place, parameters: &Parameters) -> Result<Request, ErrorPage> {
    let required =
        |name: &'static str| parameters.get(name).ok_or_else(|| shown(microsoft, &SignInError::Missing(name)));
    let id = required("client_id")?;
    let client = microsoft.read().client(id);
    let client = client.ok_or_else(|| shown(microsoft, &SignInError::UnknownApp(id.to_owned())))?;
    let redirect_uri = required("redirect_uri")?;
    if !client.allows_redirect(redirect_uri, &microsoft.authority()) {
        let detail = format!(
            "AADSTS50011: The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs \
             configured for the application '{id}'."
        );
        return Err(ErrorPage::new(microsoft, StatusCode::BAD_REQUEST, "invalid_request", &detail));
    }
    let scopes = match place.version {
        Version::One => Ok(scopes::REGISTERED.map(str::to_owned).to_vec()),
        Version::Two => scopes::parse(required("scope")?),
    };
    let scopes = scopes.map_err(|unknown| shown(microsoft, &SignInError::BadScope(unknown)))?;
    let method = parameters.get("code_challenge_method");
    let challenge = match parameters.get("code_challenge").map(|challenge| Challenge::of(challenge, method)) {
        Some(None) => return Err(shown(microsoft, &SignInError::Missing("code_challenge_method"))),
        challenge => challenge.flatten(),
    };
    let text = |name: &str| parameters.get(name).map(str::to_owned);
    let has = |name: &str| scopes.iter().any(|scope| scope == name);
    let offline = has(scopes::OFFLINE) || has(scopes::LIVE_OFFLINE);
    Ok(Request {
        client_id: client.id,
        redirect_uri: redirect_uri.to_owned(),
        state: text("state"),
        scopes,
        response: dialogs::Response { code: true, ..dialogs::Response::default() },
        nonce: text("nonce"),
        challenge,
        offline,
        include_granted: false,
        ask_again: parameters.get("prompt") == Some("consent"),
        domain: place.directory.only().map(str::to_owned),
    })
}

fn shown(microsoft: &Microsoft, error: &SignInError) -> ErrorPage {
    let (status, word, number) = error.kind();
    ErrorPage::new(microsoft, status, word, &format!("AADSTS{number}: {error}"))
}
