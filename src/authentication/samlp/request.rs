//! What a service provider asks for: a message by redirect or POST, its signature checked where it must have one.
//! Source: spec/enterprise.md §4, SAML 2.0 Bindings §3.4 and §3.5.

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::Method;
use url::Url;
use url::form_urlencoded;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::callback::MOST_MESSAGE_BYTES;
use crate::authentication::samlp;
use crate::connections::error::Doubt;
use crate::domain::claims::saml::Settings;
use crate::http::body;
use crate::http::parameters::Parameters;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::redirect::Incoming;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::xml::Document;

/// What came to a place for messages of SAML.
#[derive(Debug)]
pub(in crate::authentication) struct Came {
    /// The query's parameters.
    pub(super) query: Parameters,
    pub(super) message: Option<Message>,
}

/// A message of SAML, as it came.
#[derive(Debug)]
pub(super) enum Message {
    Redirected(Incoming),
    Posted { kind: Kind, xml: String, relay_state: Option<String> },
}

impl<S: Sync> FromRequest<S> for Came {
    type Rejection = AuthorizeError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AuthorizeError> {
        let (parts, body) = request.into_parts();
        let text = parts.uri.query().unwrap_or_default();
        let query = Parameters::of_form(text.as_bytes()).map_err(Refusal::from)?;
        if parts.method != Method::POST {
            let has_message = [Kind::Request, Kind::Response].iter().any(|kind| query.has(kind.field()));
            let message = has_message.then(|| Incoming::read(text)).transpose();
            let message = message.map_err(|error| unread(&error))?.map(Message::Redirected);
            return Ok(Self { query, message });
        }
        let form = body::read(body, MOST_MESSAGE_BYTES).await.map_err(Refusal::from)?;
        let field =
            |wanted: &str| form_urlencoded::parse(&form).find(|(name, _)| name == wanted).map(|(_, value)| value);
        let found = [Kind::Request, Kind::Response].into_iter().find_map(|kind| Some((kind, field(kind.field())?)));
        let message = found.map(|(kind, value)| {
            let xml = binding::from_post(&value)?;
            Ok(Message::Posted { kind, xml, relay_state: field("RelayState").map(Into::into) })
        });
        Ok(Self { query, message: message.transpose().map_err(|error: binding::BindingError| unread(&error))? })
    }
}

impl Message {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Redirected(incoming) => incoming.kind,
            Self::Posted { kind, .. } => *kind,
        }
    }

    pub(super) fn relay_state(&self) -> Option<&str> {
        match self {
            Self::Redirected(incoming) => incoming.relay_state.as_deref(),
            Self::Posted { relay_state, .. } => relay_state.as_deref(),
        }
    }

    /// The document, whose signature is good where the client's requests must have one.
    ///
    /// # Errors
    /// On our page, naming the check.
    pub(super) fn document<'d>(&'d self, settings: Settings<'_>) -> Result<Document<'d>, AuthorizeError> {
        let xml = match self {
            Self::Redirected(incoming) => &incoming.xml,
            Self::Posted { xml, .. } => xml,
        };
        let document = Document::parse(xml).map_err(|error| doubt("xml", format!("the request: {error}")))?;
        let Some(certificate) = samlp::signer(settings)? else { return Ok(document) };
        let certificates = [certificate];
        // What the service provider signs with is for it to choose: many still use SHA-1.
        let trust = Trust { certificates: &certificates, sha1: Sha1::Accepted };
        let verified = match self {
            Self::Redirected(incoming) => incoming.verify(&trust),
            Self::Posted { .. } => trust.verify(document.root()).map(|_| ()),
        };
        verified.map_err(|error| doubt("signature", format!("the request: {error}")))?;
        Ok(document)
    }
}

/// Checks that a message is for this path of ours, where it says for which; whichever host it was asked at.
///
/// # Errors
/// On our page, naming the check.
pub(super) fn check_destination(destination: Option<&str>, path: &str) -> Result<(), AuthorizeError> {
    let Some(destination) = destination else { return Ok(()) };
    if Url::parse(destination).is_ok_and(|url| url.path() == path) {
        return Ok(());
    }
    Err(doubt("destination", format!("the request is for the destination {destination:?}")))
}

fn unread(error: &binding::BindingError) -> AuthorizeError {
    doubt("xml", format!("the request can't be read: {error}"))
}

/// A request that isn't taken; on our page.
pub(super) fn doubt(check: &'static str, description: String) -> AuthorizeError {
    Refusal::Request(Box::new(Doubt { check, description, message: None })).into()
}
