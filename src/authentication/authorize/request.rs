//! What an app asks `/authorize` for: a query or a form, read once. Source: spec/authentication-api.md §2,
//! OpenID Connect Core §3.1.2.1, RFC 7636 §4.3.

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::Method;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response;
use crate::domain::session::CodeChallenge;
use crate::domain::tokens::scope;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::ResponseMode;
use crate::domain::transaction::ResponseType;
use crate::http::body;
use crate::http::body::MOST_BYTES;
use crate::http::body::Media;
use crate::http::parameters::Parameters;

/// How long one parameter may be, in bytes. What is kept of a login is bounded by it.
const LONGEST: usize = 8 * 1024;

/// Parameters that have a field in [`AuthorizationRequest`] or are read before there is one.
const READ: &[&str] = &[
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "state",
    "nonce",
    "scope",
    "audience",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
    "screen_hint",
    "connection",
    "connection_scope",
    "ui_locales",
    "organization",
];

/// The parameters of `GET` or `POST /authorize`, unread.
#[derive(Debug)]
pub(in crate::authentication) struct AuthorizeParameters(pub(super) Parameters);

impl<S: Sync> FromRequest<S> for AuthorizeParameters {
    type Rejection = AuthorizeError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AuthorizeError> {
        let (parts, body) = request.into_parts();
        let parameters = if parts.method == Method::POST && Media::of(&parts.headers) == Media::Form {
            let bytes = body::read(body, MOST_BYTES).await.map_err(Refusal::from)?;
            Parameters::of_form(&bytes)
        } else {
            Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes())
        };
        let parameters = parameters.map_err(Refusal::from)?;
        let too_long = parameters.pairs().find(|(_, value)| value.len() > LONGEST);
        match too_long {
            Some((name, _)) => Err(Refusal::InvalidRequest(format!("the parameter {name} is too long").into()).into()),
            None => Ok(Self(parameters)),
        }
    }
}

/// Reads everything that can be told without looking at the tenant.
///
/// # Errors
/// [`Refusal`], to be sent to the app.
pub(super) fn read(parameters: &Parameters, to: &TrustedRedirect) -> Result<AuthorizationRequest, Refusal> {
    let text = |name: &str| parameters.get(name).map(str::to_owned);
    let asked = parameters.get("response_type").ok_or(Refusal::MissingParameter("response_type"))?;
    let response_type =
        response::response_type(asked).ok_or_else(|| Refusal::UnsupportedResponseType(asked.to_owned()))?;
    check_mode(parameters, response_type)?;
    let nonce = text("nonce");
    if response_type.id_token && nonce.is_none() {
        return Err(Refusal::MissingParameter("nonce"));
    }
    let scope = scope::parse(parameters.get("scope").unwrap_or_default());
    if scope::asks_both_refresh_scopes(&scope) {
        return Err(Refusal::BothRefreshScopes);
    }
    let others = parameters.pairs().filter(|(name, _)| !READ.contains(name));
    Ok(AuthorizationRequest {
        redirect_uri: to.uri().to_owned(),
        redirect_uri_was_sent: to.was_sent(),
        response_type,
        response_mode: to.mode(),
        state: text("state"),
        nonce,
        scope,
        audience: text("audience"),
        code_challenge: code_challenge(parameters)?,
        prompt: prompt(parameters)?,
        max_age: max_age(parameters)?,
        login_hint: text("login_hint"),
        screen_hint: text("screen_hint"),
        connection: text("connection"),
        connection_scope: text("connection_scope"),
        ui_locales: text("ui_locales"),
        organization: None, // Until the tenant is looked at.
        others: others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        saml: None,
        wsfed: None,
    })
}

/// Tokens never travel in a query (OAuth 2.0 Multiple Response Types §3).
fn check_mode(parameters: &Parameters, response_type: ResponseType) -> Result<(), Refusal> {
    let Some(named) = parameters.get("response_mode") else { return Ok(()) };
    let tokens = response_type.token || response_type.id_token;
    match response::mode_named(named) {
        Some(ResponseMode::Query) if tokens => {
            Err(Refusal::InvalidRequest("response_mode 'query' is not possible with tokens".into()))
        }
        Some(_) => Ok(()),
        None => Err(Refusal::InvalidRequest(format!("Unsupported response mode: {named}").into())),
    }
}

fn code_challenge(parameters: &Parameters) -> Result<Option<CodeChallenge>, Refusal> {
    match (parameters.get("code_challenge"), parameters.get("code_challenge_method")) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Refusal::MissingParameter("code_challenge")),
        (Some(challenge), Some("S256")) => Ok(Some(CodeChallenge::S256(challenge.to_owned()))),
        (Some(challenge), Some("plain") | None) => Ok(Some(CodeChallenge::Plain(challenge.to_owned()))),
        (Some(_), Some(method)) => {
            Err(Refusal::InvalidRequest(format!("Unsupported code challenge method: {method}").into()))
        }
    }
}

/// `none` stands alone (OpenID Connect Core §3.1.2.1).
fn prompt(parameters: &Parameters) -> Result<Vec<String>, Refusal> {
    let prompt = scope::parse(parameters.get("prompt").unwrap_or_default());
    if prompt.len() > 1 && prompt.iter().any(|asked| asked == "none") {
        return Err(Refusal::InvalidRequest("prompt 'none' stands alone".into()));
    }
    Ok(prompt)
}

fn max_age(parameters: &Parameters) -> Result<Option<i64>, Refusal> {
    let Some(text) = parameters.get("max_age") else { return Ok(None) };
    match text.parse::<u32>() {
        Ok(seconds) => Ok(Some(seconds.into())),
        Err(_) => Err(Refusal::InvalidRequest("max_age is a number of seconds".into())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_query(query: &str) -> Result<AuthorizationRequest, String> {
        let client = serde_json::from_value(json!({ "client_id": "a", "callbacks": ["https://app.example/cb"] }));
        let parameters = Parameters::of_form(query.as_bytes()).unwrap();
        let to = TrustedRedirect::check(&client.unwrap(), &parameters).unwrap();
        read(&parameters, &to).map_err(|refusal| format!("{}: {refusal}", refusal.code()))
    }

    #[track_caller]
    fn check_refused(query: &str, expected: &str) {
        assert_eq!(read_query(query).map(|_| ()), Err(expected.to_owned()), "{query}");
    }

    #[test]
    fn what_is_missing_or_impossible_is_refused() {
        check_refused("", "invalid_request: Missing required parameter: response_type");
        check_refused("response_type=magic", "unsupported_response_type: Unsupported response type: magic");
        check_refused("response_type=id_token", "invalid_request: Missing required parameter: nonce");
        check_refused(
            "response_type=token&response_mode=query",
            "invalid_request: response_mode 'query' is not possible with tokens",
        );
        check_refused("response_type=code&response_mode=pigeon", "invalid_request: Unsupported response mode: pigeon");
        check_refused("response_type=code&prompt=none+login", "invalid_request: prompt 'none' stands alone");
        check_refused("response_type=code&max_age=-1", "invalid_request: max_age is a number of seconds");
        check_refused(
            "response_type=code&scope=online_access+offline_access",
            "invalid_request: Cannot request both online_access and offline_access scopes",
        );
    }

    #[test]
    fn a_challenge_is_plain_unless_it_says_otherwise() {
        let challenge =
            |query: &str| read_query(&format!("response_type=code&{query}")).map(|read| read.code_challenge);
        assert_eq!(challenge("code_challenge=x"), Ok(Some(CodeChallenge::Plain("x".into()))));
        let s256 = challenge("code_challenge=x&code_challenge_method=S256");
        assert_eq!(s256, Ok(Some(CodeChallenge::S256("x".into()))));
        assert!(challenge("code_challenge=x&code_challenge_method=S512").is_err());
        assert!(challenge("code_challenge_method=S256").is_err());
    }

    #[test]
    fn what_nobody_reads_is_kept_for_upstreams_and_scripts() {
        let read = read_query("response_type=code&access_type=offline&ext-a=1&scope=openid+openid").unwrap();
        let others: Vec<_> = read.others.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(others, [("access_type", "offline"), ("ext-a", "1")]);
        assert_eq!(read.scope, ["openid"]);
    }
}
