//! A relying party of WS-Federation: an app that has people sign in with the tenant by its passive endpoint.

use std::collections::BTreeMap;

use crate::client::callback::Callback;
use crate::client::error::ClientError;
use crate::client::service_provider::Told;
use crate::client::transport::Transport;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::verify::Trust;
use crate::protocols::wsfed::consume;
use crate::protocols::wsfed::metadata::TokenService;
use crate::protocols::wsfed::request::SignIn;
use crate::time::Timestamp;
use url::Url;

/// What comes back as it was sent: a relying party here has one login under way.
const CONTEXT: &str = "impostor & context";

/// A relying party, after it has read the tenant's metadata.
#[derive(Debug)]
pub struct RelyingParty {
    service: TokenService,
    /// What it calls itself.
    pub realm: String,
    /// Where tokens are posted to.
    pub reply: String,
}

impl RelyingParty {
    /// Reads the metadata of the tenant with this issuer, as a client of it that is called by its id.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`]; [`ClientError::Unreadable`] when it describes no token service.
    pub async fn of_client(
        transport: &Transport,
        issuer: &str,
        client: &str,
        reply: &str,
    ) -> Result<Self, ClientError> {
        let base = issuer.trim_end_matches('/');
        let url = format!("{base}/wsfed/FederationMetadata/2007-06/FederationMetadata.xml");
        let unreadable = |cause: String| ClientError::Unreadable { url: url.clone(), cause };
        let address = Url::parse(&url).map_err(|error| unreadable(error.to_string()))?;
        let answer = transport.send(transport.get(&address)).await?;
        let service = TokenService::read(&answer.body).map_err(|error| unreadable(error.to_string()))?;
        Ok(Self { service, realm: format!("urn:{client}"), reply: reply.to_owned() })
    }

    /// Where it sends a person to sign in.
    ///
    /// # Errors
    /// [`ClientError::Unusable`] when the metadata's address is none.
    pub fn login(&self) -> Result<String, ClientError> {
        let asked = SignIn {
            realm: Some(self.realm.clone()),
            reply: Some(self.reply.clone()),
            context: Some(CONTEXT.to_owned()),
            ..SignIn::default()
        };
        let unusable = |error: url::ParseError| ClientError::Unusable {
            what: "the metadata".to_owned(),
            cause: error.to_string(),
        };
        Ok(asked.to_url(Url::parse(&self.service.passive).map_err(unusable)?).into())
    }

    /// Checks a token as a library for WS-Federation does, its times excepted: the tenant's clock is another one.
    ///
    /// # Errors
    /// [`ClientError::InvalidToken`] with the check that it doesn't pass.
    pub fn read(&self, callback: &Callback) -> Result<Told, ClientError> {
        let invalid = |cause: &str| ClientError::InvalidToken(cause.to_owned());
        if callback.get("wctx") != Some(CONTEXT) {
            return Err(invalid("the wctx is not the one that was sent"));
        }
        let wresult = callback.get("wresult").ok_or_else(|| invalid("no wresult"))?;
        let created = wresult.split_once("Created>").and_then(|(_, rest)| rest.split('<').next());
        let expected = Expectations {
            trust: Trust { certificates: &self.service.signing, sha1: Sha1::Refused },
            issuer: Some(&self.service.entity_id),
            audience: &self.realm,
            destinations: &[],
            recipients: &[],
            request: None,
            unsolicited: true,
            now: created.and_then(Timestamp::parse).unwrap_or(Timestamp::from_millis(0)),
            skew_seconds: 0,
            decryption_keys: &[],
        };
        let consumed = match consume::consume(wresult, &expected) {
            Ok(consumed) => consumed,
            Err(Refusal::Status(status)) => {
                return Ok(Told::Refused { codes: status.codes, message: status.message.unwrap_or_default() });
            }
            Err(refusal) => return Err(invalid(&refusal.to_string())),
        };
        let (name_id, format) = match consumed.assertion.name_id() {
            Some(name_id) => (name_id.value.clone(), name_id.format.clone()),
            None => (String::new(), None),
        };
        let texts = |values: Vec<Value>| values.into_iter().map(|value| value.text).collect();
        let attributes: BTreeMap<_, _> =
            consumed.assertion.attributes.into_iter().map(|it| (it.name, texts(it.values))).collect();
        Ok(Told::SignedIn { name_id, format, session_index: None, attributes })
    }
}
