//! Single logout with a connection's identity provider. Source: spec/enterprise.md §3.5, SAML 2.0 Profiles §4.4.

use url::form_urlencoded;

use crate::connections::assertion;
use crate::connections::error::ConnectionError;
use crate::connections::error::Doubt;
use crate::connections::redirect::RelyingParty;
use crate::connections::samlp;
use crate::connections::samlp::keys;
use crate::connections::samlp::provider::Provider;
use crate::connections::samlp::provider::wanted_binding;
use crate::domain::session::UpstreamSession;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::BindingError;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::header;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::logout::LogoutRequest;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::redirect::Incoming;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::xml::Document;
use crate::time::Rng;
use crate::time::Timestamp;

/// How long a request may be followed, in seconds.
const LIFETIME_SECONDS: i64 = 300;

/// A message for the identity provider, which the browser carries there.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) location: String,
    /// What the browser posts there; nothing: it is redirected.
    pub(crate) fields: Vec<(String, String)>,
}

/// A message from an identity provider.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    Redirected(Incoming),
    Posted { kind: Kind, xml: String, relay_state: Option<String> },
}

/// A request that one provider signed.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) request: LogoutRequest,
    provider: Provider,
}

impl Message {
    /// Reads the query of a redirect.
    ///
    /// # Errors
    /// [`ConnectionError::SamlMessage`].
    pub(crate) fn of_query(query: &str) -> Result<Self, ConnectionError> {
        Incoming::read(query).map(Self::Redirected).map_err(ConnectionError::SamlMessage)
    }

    /// Reads a form.
    ///
    /// # Errors
    /// As [`Message::of_query`].
    pub(crate) fn of_form(form: &[u8]) -> Result<Self, ConnectionError> {
        let field =
            |wanted: &str| form_urlencoded::parse(form).find(|(name, _)| name == wanted).map(|(_, value)| value);
        let found = [Kind::Request, Kind::Response].into_iter().find_map(|kind| Some((kind, field(kind.field())?)));
        let (kind, message) = found.ok_or(ConnectionError::SamlMessage(BindingError::Missing))?;
        let xml = binding::from_post(&message).map_err(ConnectionError::SamlMessage)?;
        Ok(Self::Posted { kind, xml, relay_state: field("RelayState").map(Into::into) })
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Redirected(incoming) => incoming.kind,
            Self::Posted { kind, .. } => *kind,
        }
    }

    pub(crate) fn relay_state(&self) -> Option<&str> {
        match self {
            Self::Redirected(incoming) => incoming.relay_state.as_deref(),
            Self::Posted { relay_state, .. } => relay_state.as_deref(),
        }
    }

    fn xml(&self) -> &str {
        match self {
            Self::Redirected(incoming) => &incoming.xml,
            Self::Posted { xml, .. } => xml,
        }
    }

    fn verify(&self, document: &Document<'_>, trust: &Trust<'_>) -> Result<(), SignatureError> {
        match self {
            Self::Redirected(incoming) => incoming.verify(trust),
            Self::Posted { .. } => trust.verify(document.root()).map(|_| ()),
        }
    }
}

/// The request that a person's session at the identity provider end; none where the connection sends none
/// (`disableSignout`).
///
/// # Errors
/// [`ConnectionError::Misconfigured`], or when the provider can't be asked for its metadata.
pub(crate) async fn request(
    party: RelyingParty<'_>,
    session: &UpstreamSession,
    relay_state: &str,
    rng: &mut Rng,
) -> Result<Option<Sent>, ConnectionError> {
    if party.connection.flag_option("disableSignout") {
        return Ok(None);
    }
    let provider = Provider::of(party).await?;
    let id = header::new_id(rng);
    let request = LogoutRequest {
        header: header_of(party, &id, &provider.sign_out),
        not_on_or_after: Some(party.now.plus_seconds(LIFETIME_SECONDS)),
        reason: None,
        name_id: NameId {
            value: session.name_id.clone(),
            format: session.format.clone(),
            name_qualifier: session.name_qualifier.clone(),
            sp_name_qualifier: session.sp_name_qualifier.clone(),
        },
        session_indexes: session.index.iter().cloned().collect(),
    };
    let message = (Kind::Request, id.as_str(), request.to_xml());
    send(party, &provider.sign_out, message, Some(relay_state)).await.map(Some)
}

/// Whom a request names, unchecked: to find out whose it may be.
pub(crate) fn claimed_name(message: &Message) -> Option<String> {
    let document = Document::parse(message.xml()).ok()?;
    LogoutRequest::read(document.root()).ok().map(|request| request.name_id.value)
}

/// A request of this connection's provider, which must have signed it.
///
/// # Errors
/// [`ConnectionError::Assertion`] with the check that failed.
pub(crate) async fn read_request(party: RelyingParty<'_>, message: &Message) -> Result<Asked, ConnectionError> {
    let provider = Provider::of(party).await?;
    let document = Document::parse(message.xml()).map_err(|error| doubt("xml", &error))?;
    let trust = Trust { certificates: &provider.certificates, sha1: assertion::sha1(party.connection) };
    message.verify(&document, &trust).map_err(|error| doubt("signature", &format!("the logout request: {error}")))?;
    let request = LogoutRequest::read(document.root()).map_err(|error| doubt("schema", &error))?;
    check_header(party, &provider, &request.header)?;
    let late = |until: &Timestamp| party.now >= until.plus_seconds(assertion::SKEW_SECONDS);
    if request.not_on_or_after.as_ref().is_some_and(late) {
        return Err(doubt("expiry", &"the logout request has expired"));
    }
    Ok(Asked { request, provider })
}

/// The answer to a provider's request: it was followed.
///
/// # Errors
/// As [`request`].
pub(crate) async fn answer(
    party: RelyingParty<'_>,
    asked: &Asked,
    relay_state: Option<&str>,
    rng: &mut Rng,
) -> Result<Sent, ConnectionError> {
    let (id, to) = (header::new_id(rng), &asked.provider.sign_out_answers);
    let response = StatusResponse {
        header: header_of(party, &id, to),
        in_response_to: Some(asked.request.header.id.clone()),
        status: Status::success(),
    };
    send(party, to, (Kind::Response, &id, response.to_logout_response()), relay_state).await
}

/// Reads a provider's answer to our request of this id, and gives its status. An answer needs no signature: all that
/// comes of it is where the browser goes, which was known before; one that is there must be good.
///
/// # Errors
/// As [`read_request`].
pub(crate) async fn read_answer(
    party: RelyingParty<'_>,
    message: &Message,
    request: &str,
) -> Result<Status, ConnectionError> {
    let provider = Provider::of(party).await?;
    let document = Document::parse(message.xml()).map_err(|error| doubt("xml", &error))?;
    let trust = Trust { certificates: &provider.certificates, sha1: assertion::sha1(party.connection) };
    match message.verify(&document, &trust) {
        Ok(()) | Err(SignatureError::Missing) => {}
        Err(error) => return Err(doubt("signature", &format!("the logout response: {error}"))),
    }
    let response = StatusResponse::read_logout(document.root()).map_err(|error| doubt("schema", &error))?;
    check_header(party, &provider, &response.header)?;
    if response.in_response_to.as_deref() != Some(request) {
        return Err(doubt("in_response_to", &"the logout response answers another request"));
    }
    Ok(response.status)
}

fn check_header(party: RelyingParty<'_>, provider: &Provider, header: &Header) -> Result<(), ConnectionError> {
    let issuer = header.issuer.as_deref();
    if provider.entity_id.is_some() && issuer != provider.entity_id.as_deref() {
        return Err(doubt("issuer", &format!("the issuer is {:?}", issuer.unwrap_or_default())));
    }
    let own = party.address.url("/logout");
    match &header.destination {
        Some(other) if *other != own => Err(doubt("destination", &format!("it is for the destination {other:?}"))),
        _ => Ok(()),
    }
}

fn header_of(party: RelyingParty<'_>, id: &str, destination: &str) -> Header {
    Header {
        id: id.to_owned(),
        issue_instant: party.now,
        destination: Some(destination.to_owned()),
        issuer: Some(samlp::entity_id(party)),
    }
}

/// Signs a message where the connection signs (`signSAMLRequest`), and puts it on its way by the connection's binding.
async fn send(
    party: RelyingParty<'_>,
    to: &str,
    (kind, id, xml): (Kind, &str, String),
    relay_state: Option<&str>,
) -> Result<Sent, ConnectionError> {
    let wrong = |error: &dyn std::fmt::Display| ConnectionError::Misconfigured(error.to_string());
    let is_signed = party.connection.flag_option("signSAMLRequest");
    let key = if is_signed { Some(keys::signing(party).await?) } else { None };
    let signing = key.as_deref().map(|key| keys::how(party, key));
    let id = id.to_owned();
    if wanted_binding(party.connection) == names::binding::POST {
        let xml = match signing {
            Some(signing) => signing.sign(&xml, &id).map_err(|error| wrong(&error))?,
            None => xml,
        };
        let mut fields = vec![(kind.field().to_owned(), binding::to_post(&xml))];
        fields.extend(relay_state.map(|state| ("RelayState".to_owned(), state.to_owned())));
        return Ok(Sent { id, location: to.to_owned(), fields });
    }
    let outgoing = Outgoing { kind, xml: &xml, relay_state, deflate: true };
    let location = outgoing.to_url(to, signing.as_ref()).map_err(|error| wrong(&error))?;
    Ok(Sent { id, location, fields: Vec::new() })
}

fn doubt(check: &'static str, description: &dyn std::fmt::Display) -> ConnectionError {
    ConnectionError::Assertion(Box::new(Doubt { check, description: description.to_string(), message: None }))
}
