//! `GET|POST /authorize`: what an app asks for, checked; then the pages. Source: OpenID Connect Core §3.1.2.

use axum::extract;
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::parameters::Parameters;
use crate::protocols::oauth::pkce::Challenge;
use crate::upstreams::dialogs;
use crate::upstreams::dialogs::Mode;
use crate::upstreams::dialogs::Request;
use crate::upstreams::oidc::Oidc;
use crate::upstreams::oidc::scopes;
use crate::upstreams::openid;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::request;
use crate::upstreams::sign_in;
use crate::upstreams::sign_in::Prompt;

/// A mistake of an app that may be told: `error` and `error_description`.
type Mistake = (&'static str, &'static str);

/// Shows the pages that are needed, or none.
pub(super) async fn authorize(oidc: Oidc, request: extract::Request) -> Result<Response, ErrorPage> {
    let asked = request::read(request).await.map_err(|error| wrong(&oidc, &error.to_string()))?;
    let parameters = asked.parameters;
    let mut request = addressed(&oidc, &parameters)?;
    match check(&mut request, &parameters) {
        Ok(prompt) => sign_in::begin(&oidc, &request, (prompt, parameters.get("login_hint"))).await,
        Err((error, description)) => {
            let answer = openid::answer(&request, &[("error", error), ("error_description", description)]);
            Ok(openid::respond(&request, &answer, &[])?)
        }
    }
}

/// Who asks and where the answer goes: until that is known nobody is sent anywhere.
fn addressed(oidc: &Oidc, parameters: &Parameters) -> Result<Request, ErrorPage> {
    let client = parameters.get("client_id").and_then(|id| oidc.read().client(id));
    let client = client.ok_or_else(|| wrong(oidc, "There is no such client_id."))?;
    let redirect_uri = parameters.get("redirect_uri").unwrap_or_default();
    if !client.allows_redirect(redirect_uri, &oidc.authority()) {
        return Err(wrong(oidc, "The redirect_uri is not one of the client's."));
    }
    let types: Vec<&str> = parameters.get("response_type").unwrap_or_default().split_whitespace().collect();
    let id_token = types.contains(&"id_token");
    let mode = match parameters.get("response_mode") {
        Some("form_post") => Mode::FormPost,
        Some("fragment") => Mode::Fragment,
        // No token ever stands in a query (Multiple Response Types §3).
        _ if id_token => Mode::Fragment,
        _ => Mode::Query,
    };
    let text = |name: &str| parameters.get(name).map(str::to_owned);
    Ok(Request {
        client_id: client.id,
        redirect_uri: redirect_uri.to_owned(),
        state: text("state"),
        scopes: scopes::parse(parameters.get("scope").unwrap_or_default()),
        response: dialogs::Response { code: types.contains(&"code"), id_token, mode, ..dialogs::Response::default() },
        nonce: text("nonce"),
        challenge: None,
        offline: false,
        include_granted: false,
        ask_again: prompts(parameters).contains(&"consent"),
        domain: None,
    })
}

/// Checks the rest; what is wrong is told to the app.
fn check(request: &mut Request, parameters: &Parameters) -> Result<Prompt, Mistake> {
    let types = parameters.get("response_type").unwrap_or_default();
    if types.is_empty() || !types.split_whitespace().all(|one| ["code", "id_token"].contains(&one)) {
        return Err(("unsupported_response_type", "The response_type is none of code, id_token, code id_token."));
    }
    let modes = [None, Some("query"), Some("fragment"), Some("form_post")];
    let in_query = parameters.get("response_mode") == Some("query") && request.response.id_token;
    if !modes.contains(&parameters.get("response_mode")) || in_query {
        return Err(("invalid_request", "The response_mode does not fit."));
    }
    if !request.scopes.iter().any(|scope| scope == scopes::OPENID) {
        return Err(("invalid_scope", "The scope must have openid in it."));
    }
    if request.response.id_token && request.nonce.is_none() {
        return Err(("invalid_request", "The nonce is missing."));
    }
    if let Some(challenge) = parameters.get("code_challenge") {
        let challenge = Challenge::of(challenge, parameters.get("code_challenge_method"));
        request.challenge = Some(challenge.ok_or(("invalid_request", "The code_challenge_method is unknown."))?);
    }
    let asks_anew = parameters.get("max_age") == Some("0");
    match prompts(parameters).as_slice() {
        ["none"] => Ok(Prompt::Never),
        several if several.contains(&"none") => Err(("invalid_request", "The prompt none stands alone.")),
        several if asks_anew || several.iter().any(|one| ["login", "select_account"].contains(one)) => {
            Ok(Prompt::Account)
        }
        _ => Ok(Prompt::AsNeeded),
    }
}

fn prompts(parameters: &Parameters) -> Vec<&str> {
    parameters.get("prompt").unwrap_or_default().split_whitespace().collect()
}

fn wrong(oidc: &Oidc, detail: &str) -> ErrorPage {
    ErrorPage::new(oidc, StatusCode::BAD_REQUEST, "invalid_request", detail)
}
