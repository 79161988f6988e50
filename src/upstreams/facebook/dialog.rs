//! `GET /dialog/oauth`: what an app asks for, checked; then the pages. Mistakes are shown, never sent back.
//! Source: spec/upstreams.md §2.

use axum::extract;
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::parameters::Parameters;
use crate::upstreams::dialogs;
use crate::upstreams::dialogs::Request;
use crate::upstreams::facebook::Facebook;
use crate::upstreams::facebook::dialect::PUBLIC_PROFILE;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::request;
use crate::upstreams::sign_in;
use crate::upstreams::sign_in::Prompt;

const BLOCKED: &str = "This redirect failed because the redirect URI is not whitelisted in the app’s Client OAuth \
    Settings. Make sure Client and Web OAuth Login are on and add all your app domains as Valid OAuth Redirect URIs.";

/// Shows the pages that are needed, or none.
pub(super) async fn open(facebook: Facebook, request: extract::Request) -> Result<Response, ErrorPage> {
    let asked = request::read(request).await;
    let parameters = asked.map_err(|error| wrong(&facebook, "Invalid request", &error.to_string()))?.parameters;
    let request = check(&facebook, &parameters)?;
    let asks_who = parameters.get("auth_type") == Some("reauthenticate");
    sign_in::begin(&facebook, &request, (if asks_who { Prompt::Account } else { Prompt::AsNeeded }, None)).await
}

fn check(facebook: &Facebook, parameters: &Parameters) -> Result<Request, ErrorPage> {
    let client = parameters
        .get("client_id")
        .and_then(|id| facebook.read().client(id))
        .ok_or_else(|| wrong(facebook, "Invalid App ID", "The provided app ID does not look like a valid app ID."))?;
    let redirect_uri = parameters.get("redirect_uri").unwrap_or_default();
    if !client.allows_redirect(redirect_uri, &facebook.authority()) {
        return Err(wrong(facebook, "URL Blocked", BLOCKED));
    }
    let response = response(parameters.get("response_type").unwrap_or("code"))
        .ok_or_else(|| wrong(facebook, "Invalid response_type", "The response_type is not one of the dialog's."))?;
    let mut scopes = vec![PUBLIC_PROFILE.to_owned()];
    for name in parameters.get("scope").unwrap_or_default().split([',', ' ']).filter(|name| !name.is_empty()) {
        if !is_name(name) {
            let detail = format!("Invalid Scopes: {name}. This message is only shown to developers.");
            return Err(wrong(facebook, "Invalid Scopes", &detail));
        }
        if !scopes.iter().any(|known| known == name) {
            scopes.push(name.to_owned());
        }
    }
    Ok(Request {
        client_id: client.id,
        redirect_uri: redirect_uri.to_owned(),
        state: parameters.get("state").map(str::to_owned),
        scopes,
        response,
        nonce: None,
        challenge: None,
        offline: false,
        include_granted: false,
        ask_again: matches!(parameters.get("auth_type"), Some("rerequest" | "reauthorize")),
        domain: None,
    })
}

/// `code`, `token`, `code token`, each with or without `granted_scopes`.
fn response(asked: &str) -> Option<dialogs::Response> {
    let mut response = dialogs::Response::default();
    for word in asked.split([',', ' ']).filter(|word| !word.is_empty()) {
        match word {
            "code" => response.code = true,
            "token" => response.token = true,
            "granted_scopes" => response.granted_scopes = true,
            _ => return None,
        }
    }
    response.code |= !response.token;
    Some(response)
}

/// Permissions are words; which of them exist changes with the years, so none is refused.
fn is_name(name: &str) -> bool {
    name.len() <= 64 && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn wrong(facebook: &Facebook, title: &str, detail: &str) -> ErrorPage {
    ErrorPage::new(facebook, StatusCode::BAD_REQUEST, title, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_types_are_words_in_any_order() {
        let check = |asked: &str, code: bool, token: bool, granted_scopes: bool| {
            assert_eq!(
                response(asked),
                Some(dialogs::Response { code, token, granted_scopes, ..dialogs::Response::default() }),
                "{asked}"
            );
        };
        check("code", true, false, false);
        check("code token", true, true, false);
        check("granted_scopes", true, false, true);
        check("token,granted_scopes", false, true, true);
        assert_eq!(response("id_token"), None);
    }
}
