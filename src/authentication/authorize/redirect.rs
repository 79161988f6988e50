//! A redirect that may be followed: errors and answers go to the app only through one.
//! Source: spec/authentication-api.md §2, RFC 6749 §3.1.2.

use std::sync::Arc;

use axum::response::Response;
use url::Url;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response;
use crate::domain::client::Client;
use crate::domain::id::ClientId;
use crate::domain::transaction::AuthorizationRequest;
use crate::domain::transaction::ResponseMode;
use crate::domain::transaction::SamlReply;
use crate::domain::transaction::Transaction;
use crate::http::failure::Failure;
use crate::http::parameters::Parameters;

/// A `redirect_uri` that the client has registered, with what an answer there needs. Only [`TrustedRedirect::check`]
/// makes one, or a transaction, which was made with one.
#[derive(Clone, Debug)]
pub(crate) struct TrustedRedirect {
    client_id: ClientId,
    uri: String,
    /// The app named it, so that it must repeat it at the exchange.
    was_sent: bool,
    state: Option<String>,
    mode: ResponseMode,
    /// The answer is a SAML response.
    saml: Option<Arc<SamlReply>>,
    /// The answer is a token of WS-Federation.
    is_wsfed: bool,
}

impl TrustedRedirect {
    /// Checks the `redirect_uri` of a request, or takes the client's first one. The way of the answer is read along:
    /// errors take it too.
    ///
    /// # Errors
    /// [`Refusal::CallbackMismatch`], [`Refusal::NoCallback`], and for `web_message` [`Refusal::OriginMismatch`];
    /// always on our own page.
    pub(super) fn check(client: &Client, parameters: &Parameters) -> Result<Self, AuthorizeError> {
        let page = |refusal| AuthorizeError::Page { refusal, back: client.initiate_login_uri.clone() };
        let sent = parameters.get("redirect_uri");
        let uri = match (sent, client.callbacks.iter().flatten().next()) {
            (Some(uri), _) if client.allows_callback(uri) => uri,
            (Some(_), _) => return Err(page(Refusal::CallbackMismatch)),
            // A pattern can't be redirected to.
            (None, Some(first)) if !first.contains('*') => first,
            (None, _) => return Err(page(Refusal::NoCallback)),
        };
        let mode = response::mode_of(parameters);
        if mode == ResponseMode::WebMessage && !origin_of(uri).is_some_and(|origin| client.allows_web_origin(&origin)) {
            return Err(page(Refusal::OriginMismatch));
        }
        Ok(Self {
            client_id: client.client_id.clone(),
            uri: uri.to_owned(),
            was_sent: sent.is_some(),
            state: parameters.get("state").map(str::to_owned),
            mode,
            saml: None,
            is_wsfed: false,
        })
    }

    /// The one that a login under way began with.
    pub(crate) fn of(transaction: &Transaction) -> Self {
        Self::of_request(transaction.client_id.clone(), &transaction.request)
    }

    /// The one of a request that was checked.
    pub(super) fn of_request(client_id: ClientId, request: &AuthorizationRequest) -> Self {
        Self {
            client_id,
            uri: request.redirect_uri.clone(),
            was_sent: request.redirect_uri_was_sent,
            state: request.state.clone(),
            mode: request.response_mode,
            saml: request.saml.clone(),
            is_wsfed: request.wsfed.is_some(),
        }
    }

    pub(crate) fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    pub(in crate::authentication) fn uri(&self) -> &str {
        &self.uri
    }

    pub(in crate::authentication) fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    pub(super) fn saml(&self) -> Option<&SamlReply> {
        self.saml.as_deref()
    }

    pub(super) fn is_wsfed(&self) -> bool {
        self.is_wsfed
    }

    pub(super) fn was_sent(&self) -> bool {
        self.was_sent
    }

    pub(super) fn mode(&self) -> ResponseMode {
        self.mode
    }

    /// Ends the login at the app with an error.
    pub(crate) fn refuse(self, refusal: Refusal) -> AuthorizeError {
        AuthorizeError::Redirect { to: Box::new(self), refusal }
    }

    /// Sends `fields` and the app's `state` to the app, in the way that it asked for.
    ///
    /// # Errors
    /// [`Failure`] when the address can't stand in a header.
    pub(super) fn answer(&self, mut fields: Vec<(&'static str, String)>) -> Result<Response, Failure> {
        fields.extend(self.state.clone().map(|state| ("state", state)));
        match self.mode {
            ResponseMode::Query => response::query(&self.uri, &fields),
            ResponseMode::Fragment => response::fragment(&self.uri, &fields),
            ResponseMode::FormPost => response::form_post(&self.uri, &fields),
            ResponseMode::WebMessage => response::web_message(&origin_of(&self.uri).unwrap_or_default(), &fields),
        }
    }
}

/// `SCHEME://HOST[:PORT]` of a web address.
fn origin_of(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(query: &str) -> Result<(String, ResponseMode), String> {
        let client = json!({
            "client_id": "a", "callbacks": ["https://app.example/cb", "http://localhost:*/*"],
            "web_origins": ["https://app.example"]
        });
        let client: Client = serde_json::from_value(client).unwrap();
        match TrustedRedirect::check(&client, &Parameters::of_form(query.as_bytes()).unwrap()) {
            Ok(trusted) => Ok((trusted.uri, trusted.mode)),
            Err(AuthorizeError::Page { refusal, .. }) => Err(refusal.to_string()),
            Err(AuthorizeError::Redirect { .. }) => panic!("it is not trusted yet"),
        }
    }

    #[test]
    fn a_callback_that_is_not_the_clients_is_never_redirected_to() {
        let mismatch = Err("Callback URL mismatch.".to_owned());
        assert_eq!(check("redirect_uri=https://evil.example/cb"), mismatch);
        assert_eq!(check("redirect_uri=https://app.example/cb%0d%0a"), mismatch);
        assert_eq!(check("redirect_uri=javascript:alert(1)"), mismatch);
        let fine = Ok(("http://localhost:3000/x".to_owned(), ResponseMode::Query));
        assert_eq!(check("redirect_uri=http://localhost:3000/x"), fine);
        assert_eq!(check(""), Ok(("https://app.example/cb".to_owned(), ResponseMode::Query)));
    }

    #[test]
    fn a_frame_of_an_unregistered_origin_hears_nothing() {
        let web_message = Ok(("https://app.example/cb".to_owned(), ResponseMode::WebMessage));
        assert_eq!(check("response_mode=web_message"), web_message);
        let refused = check("response_mode=web_message&redirect_uri=http://localhost:3000/");
        assert_eq!(refused, Err("The specified redirect_uri does not have a registered origin.".to_owned()));
    }
}
