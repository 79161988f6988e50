//! A SAML service provider: an app that has people sign in with the tenant by SAML 2.0 instead of OpenID Connect.

use std::collections::BTreeMap;

use crate::client::callback::Callback;
use crate::client::error::ClientError;
use crate::client::transport::Transport;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::authn_request::AuthnRequest;
use crate::protocols::saml::binding::{self, Kind};
use crate::protocols::saml::consume::{self, Expectations};
use crate::protocols::saml::header::Header;
use crate::protocols::saml::metadata::{Endpoint, Entity, IdentityProvider};
use crate::protocols::saml::names;
use crate::protocols::saml::redirect::Outgoing;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::verify::Trust;
use crate::protocols::saml::xml::Document;
use crate::time::Timestamp;
use url::Url;

/// The id of every request: a service provider here has one login under way.
const REQUEST: &str = "_impostor_request";

/// A service provider, after it has read the tenant's metadata.
#[derive(Debug)]
pub struct ServiceProvider {
    identity_provider: (String, IdentityProvider),
    /// Its own entity id.
    pub entity_id: String,
    /// Where responses are posted to.
    pub acs: String,
}

/// What a service provider was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Somebody signed in.
    SignedIn {
        /// The name identifier.
        name_id: String,
        /// Its format, a URI.
        format: Option<String>,
        /// The session's name at the identity provider.
        session_index: Option<String>,
        /// The values of each attribute.
        attributes: BTreeMap<String, Vec<String>>,
    },
    /// Nobody did: the status codes, the general one first, and the message.
    Refused {
        /// URIs.
        codes: Vec<String>,
        /// In words.
        message: String,
    },
}

impl ServiceProvider {
    /// Reads the metadata of a client's add-on at the tenant with this issuer.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`]; [`ClientError::Unreadable`] when it describes no identity provider.
    pub async fn of_client(transport: &Transport, issuer: &str, client: &str, acs: &str) -> Result<Self, ClientError> {
        let url = format!("{}/samlp/metadata/{client}", issuer.trim_end_matches('/'));
        let unreadable = |cause: String| ClientError::Unreadable { url: url.clone(), cause };
        let address = Url::parse(&url).map_err(|error| unreadable(error.to_string()))?;
        let answer = transport.send(transport.get(&address)).await?;
        let entity = Entity::read(&answer.body).map_err(|error| unreadable(error.to_string()))?;
        let idp = entity.identity_provider.ok_or_else(|| unreadable("no identity provider in it".to_owned()))?;
        let entity_id = format!("urn:example:{client}");
        Ok(Self { identity_provider: (entity.entity_id, idp), entity_id, acs: acs.to_owned() })
    }

    /// Where it sends a person to sign in, by the redirect binding. `passive`: no page may be shown.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when the metadata names no address for it.
    pub fn login(&self, passive: bool) -> Result<String, ClientError> {
        let unusable = |cause: String| ClientError::Unusable { what: "the metadata".to_owned(), cause };
        let place = Endpoint::with_binding(&self.identity_provider.1.single_sign_on, names::binding::REDIRECT);
        let place = place.ok_or_else(|| unusable("no single sign-on by redirect".to_owned()))?;
        let request = AuthnRequest {
            header: Header {
                id: REQUEST.to_owned(),
                issue_instant: Timestamp::from_millis(0),
                destination: Some(place.location.clone()),
                issuer: Some(self.entity_id.clone()),
            },
            assertion_consumer_url: Some(self.acs.clone()),
            assertion_consumer_index: None,
            protocol_binding: Some(names::binding::POST.to_owned()),
            provider_name: None,
            force_authn: false,
            is_passive: passive,
            subject: None,
            name_id_policy: None,
            requested_authn_context: None,
        };
        let xml = request.to_xml();
        let outgoing = Outgoing { kind: Kind::Request, xml: &xml, relay_state: None, deflate: true };
        outgoing.to_url(&place.location, None).map_err(|error| unusable(error.to_string()))
    }

    /// Checks a response as a library for SAML does, its times excepted: the tenant's clock is another one. It may answer
    /// this one's request, or none.
    ///
    /// # Errors
    /// [`ClientError::InvalidToken`] with the check that it doesn't pass.
    pub fn read(&self, callback: &Callback) -> Result<Told, ClientError> {
        let invalid = |cause: &dyn std::fmt::Display| ClientError::InvalidToken(cause.to_string());
        let message = callback.get("SAMLResponse").ok_or_else(|| invalid(&"no SAMLResponse"))?;
        let xml = binding::from_post(message).map_err(|error| invalid(&error))?;
        let document = Document::parse(&xml).map_err(|error| invalid(&error))?;
        let issued = document.root().moment("IssueInstant").map_err(|error| invalid(&error))?;
        let expected = Expectations {
            trust: Trust { certificates: &self.identity_provider.1.role.signing, sha1: Sha1::Accepted },
            issuer: Some(&self.identity_provider.0),
            audience: &self.entity_id,
            destinations: &[&self.acs],
            recipients: &[&self.acs],
            request: Some(REQUEST),
            unsolicited: true,
            now: issued.unwrap_or(Timestamp::from_millis(0)),
            skew_seconds: 0,
            decryption_keys: &[],
        };
        let assertion = match consume::consume(&xml, &expected) {
            Ok(consumed) => consumed.assertion,
            Err(Refusal::Status(status)) => {
                return Ok(Told::Refused { codes: status.codes, message: status.message.unwrap_or_default() });
            }
            Err(refusal) => return Err(invalid(&refusal)),
        };
        let session_index = assertion.session_index().map(str::to_owned);
        let (name_id, format) = match assertion.name_id() {
            Some(name_id) => (name_id.value.clone(), name_id.format.clone()),
            None => (String::new(), None),
        };
        let texts = |values: Vec<Value>| values.into_iter().map(|value| value.text).collect();
        let attributes = assertion.attributes.into_iter().map(|it| (it.name, texts(it.values))).collect();
        Ok(Told::SignedIn { name_id, format, session_index, attributes })
    }
}
