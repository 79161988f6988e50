//! `GET /oauth/v2/authorization`: what an app asks for, checked; then the pages. Source: spec/upstreams.md §3.

use axum::extract;
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::parameters::Parameters;
use crate::protocols::oauth::pkce::Challenge;
use crate::upstreams::dialogs;
use crate::upstreams::dialogs::Request;
use crate::upstreams::linkedin::Linkedin;
use crate::upstreams::linkedin::dialect;
use crate::upstreams::linkedin::scopes;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::request;
use crate::upstreams::sign_in;
use crate::upstreams::sign_in::Prompt;

/// Shows the pages that are needed, or none.
pub(super) async fn authorize(linkedin: Linkedin, request: extract::Request) -> Result<Response, ErrorPage> {
    let asked = request::read(request).await.map_err(|error| bummer(&linkedin, &error.to_string()))?;
    let parameters = asked.parameters;
    let mut request = check(&linkedin, &parameters)?;
    let refused = |error: &str, description: &str| Ok(pages::away(&dialect::refused(&request, error, description)));
    if parameters.get("response_type") != Some("code") {
        return refused("unsupported_response_type", "The response_type must be code");
    }
    match scopes::parse(parameters.get("scope").unwrap_or_default()) {
        Ok(scopes) if scopes.is_empty() => {
            return refused("invalid_request", "A required parameter \"scope\" is missing");
        }
        Ok(scopes) => request.scopes = scopes,
        Err(unknown) => {
            let description = format!("Scope \"{unknown}\" is not authorized for your application");
            return refused("unauthorized_scope_error", &description);
        }
    }
    sign_in::begin(&linkedin, &request, (Prompt::AsNeeded, parameters.get("login_hint"))).await
}

/// Client and redirect: until they are known nobody is sent anywhere.
fn check(linkedin: &Linkedin, parameters: &Parameters) -> Result<Request, ErrorPage> {
    let client = parameters.get("client_id").and_then(|id| linkedin.read().client(id));
    let client = client.ok_or_else(|| bummer(linkedin, "We could not find the application."))?;
    let redirect_uri = parameters.get("redirect_uri").unwrap_or_default();
    if !client.allows_redirect(redirect_uri, &linkedin.authority()) {
        return Err(bummer(linkedin, "The redirect_uri does not match the registered value"));
    }
    let method = parameters.get("code_challenge_method");
    let challenge = match parameters.get("code_challenge").map(|challenge| Challenge::of(challenge, method)) {
        Some(None) => return Err(bummer(linkedin, "The code_challenge_method is not known")),
        challenge => challenge.flatten(),
    };
    Ok(Request {
        client_id: client.id,
        redirect_uri: redirect_uri.to_owned(),
        state: parameters.get("state").map(str::to_owned),
        scopes: Vec::new(),
        response: dialogs::Response { code: true, ..dialogs::Response::default() },
        nonce: None,
        challenge,
        offline: false,
        include_granted: false,
        ask_again: false,
        domain: None,
    })
}

fn bummer(linkedin: &Linkedin, detail: &str) -> ErrorPage {
    ErrorPage::new(linkedin, StatusCode::BAD_REQUEST, "Bummer, something went wrong.", detail)
}
