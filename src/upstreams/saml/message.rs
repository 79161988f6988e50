//! Messages as they come and go: by redirect and by POST, signed or not. Source: SAML 2.0 Bindings §3.4, §3.5.

use axum::body::Body;
use axum::response::Response;

use crate::http::body;
use crate::http::html::SelfSubmitting;
use crate::http::parameters::Parameters;
use crate::keys::x509::Certificate;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::redirect::Incoming;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::xml::Document;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::pages::away;
use crate::upstreams::saml::metadata::failed;
use crate::upstreams::saml::pages::At;

/// A message that came.
pub(super) struct Message {
    pub(super) kind: Kind,
    pub(super) xml: String,
    pub(super) relay_state: Option<String>,
    /// The query that it came in, if it came so.
    query: Option<Incoming>,
}

impl Message {
    /// Reads a message from a query.
    ///
    /// # Errors
    /// A page that says why it can't be.
    pub(super) fn of_query(at: &At, query: &str) -> Result<Self, ErrorPage> {
        let incoming = Incoming::read(query).map_err(|error| unread(at, &error))?;
        let (kind, xml, relay_state) = (incoming.kind, incoming.xml.clone(), incoming.relay_state.clone());
        Ok(Self { kind, xml, relay_state, query: Some(incoming) })
    }

    /// Reads a message from a form.
    ///
    /// # Errors
    /// As [`Message::of_query`].
    pub(super) async fn of_form(at: &At, body: Body) -> Result<Self, ErrorPage> {
        let form = body::read(body, body::MOST_BYTES).await.map_err(|error| unread(at, &error))?;
        let form = Parameters::of_form(&form).map_err(|error| unread(at, &error))?;
        let of_kind = |kind: Kind| form.get(kind.field()).map(|message| (kind, message));
        let found = of_kind(Kind::Request).or_else(|| of_kind(Kind::Response));
        let (kind, message) = found.ok_or_else(|| at.wrong("There is neither a SAMLRequest nor a SAMLResponse."))?;
        let xml = binding::from_post(message).map_err(|error| unread(at, &error))?;
        Ok(Self { kind, xml, relay_state: form.get("RelayState").map(str::to_owned), query: None })
    }

    /// Whether it came by POST.
    pub(super) fn is_posted(&self) -> bool {
        self.query.is_none()
    }

    /// Checks who signed it. Where no certificate is known, it may be signed or not.
    ///
    /// # Errors
    /// What is wrong with the signature, in words.
    pub(super) fn check_signature(&self, certificates: &[Certificate]) -> Result<(), String> {
        if certificates.is_empty() {
            return Ok(());
        }
        let trust = Trust { certificates, sha1: Sha1::Refused };
        if let Some(query) = &self.query {
            return query.verify(&trust).map_err(|error| format!("the message: {error}"));
        }
        let document = Document::parse(&self.xml).map_err(|error| error.to_string())?;
        trust.verify(document.root()).map(drop).map_err(|error| format!("the message: {error}"))
    }
}

/// A message that goes.
pub(super) struct Going<'a> {
    pub(super) kind: Kind,
    pub(super) xml: &'a str,
    /// The id of the message, for its signature.
    pub(super) id: &'a str,
    pub(super) relay_state: Option<&'a str>,
    pub(super) by_post: bool,
}

impl Going<'_> {
    /// Sends the browser off with it, signed.
    ///
    /// # Errors
    /// A failure of the keys.
    pub(super) async fn send(&self, at: &At, to: &str) -> Result<Response, ErrorPage> {
        let key = at.key(at.first_key()).await?;
        let signing = Signing::with(&key);
        if self.by_post {
            return post(to, self.kind, &signing.sign(self.xml, self.id).map_err(failed)?, self.relay_state);
        }
        let message = Outgoing { kind: self.kind, xml: self.xml, relay_state: self.relay_state, deflate: true };
        Ok(away(&message.to_url(to, Some(&signing)).map_err(failed)?))
    }
}

/// A form with a message that submits itself.
///
/// # Errors
/// A failure of the template.
pub(super) fn post(to: &str, kind: Kind, xml: &str, relay_state: Option<&str>) -> Result<Response, ErrorPage> {
    let mut fields = vec![(kind.field().to_owned(), binding::to_post(xml))];
    fields.extend(relay_state.iter().map(|state| ("RelayState".to_owned(), (*state).to_owned())));
    Ok(SelfSubmitting { action: to, fields: &fields }.answer()?)
}

fn unread(at: &At, error: &dyn std::fmt::Display) -> ErrorPage {
    at.wrong(&format!("The message can't be read: {error}."))
}
