//! `GET /login/oauth/authorize`: what an app asks for, checked; then the pages. Source: spec/upstreams.md §6.

use axum::extract;
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::parameters::Parameters;
use crate::protocols::oauth::pkce::Challenge;
use crate::upstreams::clients::Client;
use crate::upstreams::dialogs;
use crate::upstreams::dialogs::Request;
use crate::upstreams::github::Github;
use crate::upstreams::github::dialect;
use crate::upstreams::github::error::AUTHORIZE_HELP;
use crate::upstreams::github::scopes;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::request;
use crate::upstreams::sign_in;
use crate::upstreams::sign_in::Prompt;

const MISMATCH: &str = "The redirect_uri MUST match the registered callback URL for this application.";

/// Shows the pages that are needed, or none.
pub(super) async fn authorize(github: Github, request: extract::Request) -> Result<Response, ErrorPage> {
    let asked = request::read(request).await.map_err(|error| wrong(&github, &error.to_string()))?;
    let parameters = asked.parameters;
    let client = parameters.get("client_id").and_then(|id| github.read().client(id));
    let not_found =
        || ErrorPage::new(&github, StatusCode::NOT_FOUND, "404", "This is not the web page you are looking for.");
    let client = client.ok_or_else(not_found)?;
    let redirect_uri = match redirect_uri(&github, &client, &parameters)? {
        Ok(uri) => uri,
        Err(location) => return Ok(pages::away(&location)),
    };
    let request = of(&github, client, redirect_uri, &parameters)?;
    let prompt = if parameters.get("prompt") == Some("select_account") { Prompt::Account } else { Prompt::AsNeeded };
    sign_in::begin(&github, &request, (prompt, parameters.get("login"))).await
}

/// Where the person is sent back to: the registered address unless another is named. One that isn't allowed is told
/// at the registered one, where there is one.
fn redirect_uri(
    github: &Github,
    client: &Client,
    parameters: &Parameters,
) -> Result<Result<String, String>, ErrorPage> {
    let registered = client.redirect_uris.first();
    match parameters.get("redirect_uri") {
        Some(uri) if client.allows_redirect(uri, &github.authority()) => Ok(Ok(uri.to_owned())),
        None => registered.cloned().map(Ok).ok_or_else(|| wrong(github, "The application has no callback URL.")),
        Some(_) => {
            let registered = registered.ok_or_else(|| wrong(github, MISMATCH))?;
            let help = format!("{AUTHORIZE_HELP}/#redirect-uri-mismatch");
            let said = [("error", "redirect_uri_mismatch"), ("error_description", MISMATCH), ("error_uri", &help)];
            Ok(Err(dialect::back(registered, parameters.get("state"), &said)))
        }
    }
}

/// Of challenges GitHub knows S256 alone.
fn of(github: &Github, client: Client, redirect_uri: String, parameters: &Parameters) -> Result<Request, ErrorPage> {
    let method = parameters.get("code_challenge_method");
    let challenge = match parameters.get("code_challenge").map(|challenge| Challenge::of(challenge, method)) {
        None => None,
        Some(Some(challenge @ Challenge::S256(_))) => Some(challenge),
        Some(_) => return Err(wrong(github, "The code_challenge_method must be S256.")),
    };
    Ok(Request {
        client_id: client.id,
        redirect_uri,
        state: parameters.get("state").map(str::to_owned),
        scopes: scopes::parse(parameters.get("scope").unwrap_or_default()),
        response: dialogs::Response { code: true, ..dialogs::Response::default() },
        nonce: None,
        challenge,
        offline: false,
        include_granted: false,
        ask_again: false,
        domain: None,
    })
}

fn wrong(github: &Github, detail: &str) -> ErrorPage {
    ErrorPage::new(github, StatusCode::BAD_REQUEST, "Be careful!", detail)
}
