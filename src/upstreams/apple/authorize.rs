//! `GET|POST /auth/authorize`: what an app asks for, checked; then the pages. Source: spec/upstreams.md §5.

use axum::extract;
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::parameters::Parameters;
use crate::upstreams::apple::Apple;
use crate::upstreams::apple::scopes;
use crate::upstreams::dialogs;
use crate::upstreams::dialogs::Mode;
use crate::upstreams::dialogs::Request;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::request;
use crate::upstreams::sign_in;
use crate::upstreams::sign_in::Prompt;

/// What Apple says of an app that wants name or address in a query.
const FORM_POST_NEEDED: &str = "response_mode must be form_post when name or email scope is requested.";

/// Shows the pages that are needed, or none. Apple tells mistakes on its own page.
pub(super) async fn authorize(apple: Apple, request: extract::Request) -> Result<Response, ErrorPage> {
    let asked = request::read(request).await.map_err(|error| wrong(&apple, "invalid_request", &error.to_string()))?;
    let parameters = asked.parameters;
    let request = check(&apple, &parameters)?;
    sign_in::begin(&apple, &request, (Prompt::AsNeeded, parameters.get("login_hint"))).await
}

fn check(apple: &Apple, parameters: &Parameters) -> Result<Request, ErrorPage> {
    let client = parameters.get("client_id").and_then(|id| apple.read().client(id));
    let client = client.ok_or_else(|| wrong(apple, "invalid_client", "The client_id is unknown."))?;
    let redirect_uri = parameters.get("redirect_uri").unwrap_or_default();
    if !client.allows_redirect(redirect_uri, &apple.authority()) {
        return Err(wrong(apple, "invalid_request", "Invalid web redirect url."));
    }
    let id_token = match parameters.get("response_type").map(|types| types.split_whitespace().collect::<Vec<_>>()) {
        Some(types) if types == ["code"] => false,
        Some(types) if types == ["code", "id_token"] || types == ["id_token", "code"] => true,
        _ => return Err(wrong(apple, "unsupported_response_type", "The response_type is code or code id_token.")),
    };
    let mode = match parameters.get("response_mode") {
        Some("form_post") => Mode::FormPost,
        None | Some("query") if !id_token => Mode::Query,
        None | Some("fragment") => Mode::Fragment,
        Some(_) => return Err(wrong(apple, "invalid_request", "The response_mode does not fit.")),
    };
    let scopes = scopes::parse(parameters.get("scope").unwrap_or_default())
        .map_err(|unknown| wrong(apple, "invalid_scope", &format!("Invalid scope: {unknown}")))?;
    let asks_for_person = scopes.iter().any(|scope| [scopes::NAME, scopes::EMAIL].contains(&scope.as_str()));
    if asks_for_person && mode != Mode::FormPost {
        return Err(wrong(apple, "invalid_request", FORM_POST_NEEDED));
    }
    let text = |name: &str| parameters.get(name).map(str::to_owned);
    Ok(Request {
        client_id: client.id,
        redirect_uri: redirect_uri.to_owned(),
        state: text("state"),
        scopes,
        response: dialogs::Response { code: true, id_token, mode, ..dialogs::Response::default() },
        nonce: text("nonce"),
        challenge: None,
        offline: true,
        include_granted: false,
        ask_again: false,
        domain: None,
    })
}

fn wrong(apple: &Apple, error: &str, detail: &str) -> ErrorPage {
    ErrorPage::new(apple, StatusCode::BAD_REQUEST, error, detail)
}
