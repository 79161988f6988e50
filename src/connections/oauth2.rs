//! What every connection that exchanges a code does alike. Source: RFC 6749 §4.1, spec/upstreams.md §0.

use axum::body::Bytes;
use axum::http::Request;
use axum::http::header;
use serde_json::Map;
use serde_json::Value;
use url::Url;
use url::form_urlencoded;

use crate::connections::error::ConnectionError;
use crate::connections::redirect::CallbackParameters;
use crate::connections::redirect::RelyingParty;
use crate::connections::redirect::provider_of;
use crate::domain::connection::Connection;
use crate::domain::profile::ProviderTokens;
use crate::domain::transaction::UpstreamVisit;
use crate::http::outgoing::Answer;
use crate::http::outgoing::Counterpart;
use crate::keys::digest;
use crate::protocols::oauth::embedded_client;

/// How much of what a provider said is told on.
const LONGEST_MESSAGE: usize = 300;

/// Who the connection is at its upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Credentials<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    pub(crate) method: Method,
}

/// How a connection shows its secret at the token endpoint (`token_endpoint_auth_method`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Method {
    /// In the form (`client_secret_post`).
    #[default]
    Post,
    /// In the header (`client_secret_basic`).
    Basic,
}

impl<'a> Credentials<'a> {
    /// The connection's own, or those that every embedded fake takes: `embedded_id` and its secret.
    pub(crate) fn of(connection: &'a Connection, embedded_id: &'a str) -> Self {
        let own = |option| connection.text_option(option).filter(|text| !text.is_empty());
        match own("client_id") {
            Some(client_id) => {
                Self { client_id, client_secret: own("client_secret").unwrap_or_default(), method: Method::Post }
            }
            None => Self { client_id: embedded_id, client_secret: embedded_client::SECRET, method: Method::Post },
        }
    }
}

impl Credentials<'_> {
    /// Id and secret as a header, each written as in a form first. Source: RFC 6749 §2.3.1.
    fn basic(self) -> String {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encoded(self.client_id), encoded(self.client_secret));
        format!("Basic {}", digest::base64(pair.as_bytes()))
    }
}

/// The code that came back, if what came is an answer of this visit.
///
/// # Errors
/// [`ConnectionError::BadCallback`], [`ConnectionError::Refused`] with what the upstream said.
pub(crate) fn code_of<'a>(visit: &UpstreamVisit, callback: &'a CallbackParameters) -> Result<&'a str, ConnectionError> {
    check_callback(visit, callback)?;
    let code = callback.get("code").map(String::as_str).filter(|code| !code.is_empty());
    code.ok_or(ConnectionError::BadCallback("it has no code"))
}

/// Checks that what came is an answer of this visit, and a good one.
///
/// # Errors
/// As [`code_of`].
pub(crate) fn check_callback(visit: &UpstreamVisit, callback: &CallbackParameters) -> Result<(), ConnectionError> {
    if callback.get("state") != Some(&visit.state) {
        return Err(ConnectionError::BadCallback("its state is not the one that was sent"));
    }
    if let Some(error) = callback.get("error") {
        let description = callback.get("error_description").map(|text| shortened(text));
        return Err(ConnectionError::Refused { error: shortened(error), description });
    }
    Ok(())
}

/// Exchanges a code at `endpoint`. The answer is that of RFC 6749 §5.1.
///
/// # Errors
/// [`ConnectionError::Exchange`] with what the provider said, [`ConnectionError::Garbled`],
/// [`ConnectionError::Unreachable`].
pub(crate) async fn exchange(
    party: RelyingParty<'_>,
    visit: &UpstreamVisit,
    endpoint: &str,
    (code, credentials): (&str, Credentials<'_>),
) -> Result<Map<String, Value>, ConnectionError> {
    let mut fields = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &visit.redirect_uri)];
    if credentials.method == Method::Post {
        fields.extend([("client_id", credentials.client_id), ("client_secret", credentials.client_secret)]);
    }
    fields.extend(visit.code_verifier.as_deref().map(|verifier| ("code_verifier", verifier)));
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = Request::post(endpoint)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json");
    if credentials.method == Method::Basic {
        request = request.header(header::AUTHORIZATION, credentials.basic());
    }
    let answer = send(party, request.body(Bytes::from(form)), "token endpoint").await?;
    let body = object(&answer);
    if !answer.status.is_success() || body.as_ref().is_some_and(|body| body.contains_key("error")) {
        return Err(ConnectionError::Exchange(said(&answer)));
    }
    let body = body.ok_or(ConnectionError::Garbled("token endpoint"))?;
    let has_token = body.get("access_token").is_some_and(Value::is_string);
    if has_token { Ok(body) } else { Err(ConnectionError::Garbled("token endpoint")) }
}

/// Fetches a JSON object. `what` names the endpoint in errors.
///
/// # Errors
/// [`ConnectionError::Profile`] with what the provider said when it answers with an error,
/// [`ConnectionError::Garbled`], [`ConnectionError::Unreachable`].
pub(crate) async fn fetch(
    party: RelyingParty<'_>,
    url: &str,
    bearer: Option<&str>,
    what: &'static str,
) -> Result<Map<String, Value>, ConnectionError> {
    let answer = ask(party, url, bearer, what).await?;
    if !answer.status.is_success() {
        return Err(refused(&answer, what));
    }
    object(&answer).ok_or(ConnectionError::Garbled(what))
}

/// Asks an API for something; any status is an answer.
///
/// # Errors
/// [`ConnectionError::Garbled`] when `url` is no address, [`ConnectionError::Unreachable`].
pub(crate) async fn ask(
    party: RelyingParty<'_>,
    url: &str,
    bearer: Option<&str>,
    what: &'static str,
) -> Result<Answer, ConnectionError> {
    let mut request = Request::builder().uri(url).header(header::ACCEPT, "application/json");
    if let Some(token) = bearer {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    send(party, request.body(Bytes::new()), what).await
}

/// The error that tells what a provider's API said.
pub(crate) fn refused(answer: &Answer, what: &'static str) -> ConnectionError {
    ConnectionError::Profile(format!("{what}: {}", said(answer)))
}

async fn send(
    party: RelyingParty<'_>,
    request: Result<Request<Bytes>, axum::http::Error>,
    what: &'static str,
) -> Result<Answer, ConnectionError> {
    // What can't be made into a request is an address or a token that the upstream itself gave out.
    let mut request = request.map_err(|_| ConnectionError::Garbled(what))?;
    if request.uri().authority().is_none() {
        return Err(ConnectionError::Garbled(what));
    }
    request.extensions_mut().insert(Counterpart(provider_of(party.connection.strategy)));
    Ok(party.outgoing.send(party.place(), request).await?)
}

/// The tokens of a token endpoint's answer that are kept in the identity (spec/caching.md §4).
pub(crate) fn tokens_of(answer: &Map<String, Value>) -> ProviderTokens {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    ProviderTokens {
        access_token: text("access_token"),
        refresh_token: text("refresh_token"),
        expires_in: answer.get("expires_in").and_then(Value::as_u64),
    }
}

/// `endpoint` with parameters added to its query.
///
/// # Errors
/// [`ConnectionError::Misconfigured`] when it is no address.
pub(crate) fn address<'a>(
    endpoint: &str,
    parameters: impl IntoIterator<Item = (&'a str, String)>,
) -> Result<String, ConnectionError> {
    let url = Url::parse(endpoint).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let mut url = url.ok_or_else(|| ConnectionError::Misconfigured(format!("{endpoint} is no http address")))?;
    url.query_pairs_mut().extend_pairs(parameters);
    Ok(url.into())
}

fn object(answer: &Answer) -> Option<Map<String, Value>> {
    serde_json::from_slice(&answer.body).ok()
}

/// What a provider said was wrong: OAuth's `error_description` or `error`, Graph's `error.message`, the `message` of
/// GitHub and LinkedIn, else the status.
fn said(answer: &Answer) -> String {
    let body = object(answer).unwrap_or_default();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(shortened);
    let graph = || text(body.get("error")?.get("message"));
    let said = text(body.get("error_description")).or_else(graph).or_else(|| text(body.get("error")));
    let said = said.or_else(|| text(body.get("message")));
    said.unwrap_or_else(|| format!("the provider answered {}", answer.status.as_u16()))
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect()
}
