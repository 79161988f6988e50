//! What the benchmark of SAML measures: responses made and taken, without a server around them. Not part of the promised
//! API, as [`crate::harness::bench`].

use crate::domain::claims::saml::Claim;
use crate::domain::claims::saml::Settings;
use crate::keys::Keyring;
use crate::keys::hash::Hash;
use crate::keys::ring::TENANT_ROLE;
use crate::keys::rsa_key::RsaKey;
use crate::keys::x509::Certificate;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::assertion::AuthnStatement;
use crate::protocols::saml::assertion::Conditions;
use crate::protocols::saml::assertion::Confirmation;
use crate::protocols::saml::assertion::Subject;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::attribute::Value;
use crate::protocols::saml::consume::Expectations;
use crate::protocols::saml::consume::consume;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::name_id::NameId;
use crate::protocols::saml::names;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::status::Status;
use crate::protocols::saml::status::StatusResponse;
use crate::protocols::saml::verify::Trust;
use crate::time::Timestamp;
use serde_json::json;
use std::sync::Arc;
use tokio::runtime::Runtime;

const IDP: &str = "urn:idp.example";
const SP: &str = "urn:sp.example";
const ACS: &str = "https://sp.example/acs";

/// An identity provider and what it says of somebody.
#[derive(Debug)]
pub struct BenchSaml {
    key: Arc<RsaKey>,
    certificates: [Certificate; 1],
    response: StatusResponse,
    assertion: Assertion,
}

impl BenchSaml {
    /// With a new key of 2048 bits, and a person whose attributes are those of the add-on's usual mapping.
    ///
    /// # Errors
    /// A sentence, when no key can be made.
    pub fn new() -> Result<Self, String> {
        let runtime = Runtime::new().map_err(|error| error.to_string())?;
        let key = runtime.block_on(Keyring::in_memory().signing_key(TENANT_ROLE, 0));
        let key = key.and_then(|key| key.for_documents()).map_err(|error| error.to_string())?;
        let now = Timestamp::from_millis(0);
        let header = |id: &str, to| Header {
            id: id.to_owned(),
            issue_instant: now,
            destination: to,
            issuer: Some(IDP.to_owned()),
        };
        let response = StatusResponse {
            header: header("_response", Some(ACS.to_owned())),
            in_response_to: Some("_request".to_owned()),
            status: Status::success(),
        };
        Ok(Self { certificates: [key.certificate().clone()], key, response, assertion: assertion(now) })
    }

    /// The response with its assertion signed, with SHA-1 or SHA-256; empty if that fails.
    pub fn sign(&self, sha1: bool) -> String {
        let hash = if sha1 { Hash::Sha1 } else { Hash::Sha256 };
        let signing = Signing { signature: hash, digest: hash, ..Signing::with(&self.key) };
        let assertion = signing.sign(&self.assertion.to_xml(), &self.assertion.id);
        assertion.map(|assertion| self.response.to_response(Some(&assertion))).unwrap_or_default()
    }

    /// Whether a response is taken.
    pub fn take(&self, response: &str) -> bool {
        let expected = Expectations {
            trust: Trust { certificates: &self.certificates, sha1: Sha1::Refused },
            issuer: Some(IDP),
            audience: SP,
            destinations: &[ACS],
            recipients: &[ACS],
            request: Some("_request"),
            unsolicited: false,
            now: Timestamp::from_millis(0),
            skew_seconds: 0,
            decryption_keys: &[],
        };
        consume(response, &expected).is_ok()
    }
}

fn assertion(now: Timestamp) -> Assertion {
    let profile = json!({
        "user_id": "auth0|1", "email": "ana@people.example", "name": "Ana Costa", "given_name": "Ana",
        "family_name": "Costa", "nickname": "ana", "email_verified": true, "groups": ["staff", "on-call"],
        "picture": "https://people.example/ana.png", "identities": [{ "provider": "auth0", "connection": "db" }],
    });
    let settings = serde_json::Map::new();
    let claims = profile.as_object().map(|profile| Settings(&settings).claims(profile, None)).unwrap_or_default();
    let attribute = |claim: Claim| Attribute {
        name: claim.name,
        name_format: Some(names::attribute_name_format::URI.to_owned()),
        friendly_name: None,
        values: claim.values.iter().map(|value| Value::string(&value.to_string())).collect(),
    };
    let until = Some(now.plus_seconds(3600));
    let confirmation = Confirmation {
        method: names::BEARER.to_owned(),
        not_before: None,
        not_on_or_after: until,
        recipient: Some(ACS.to_owned()),
        in_response_to: Some("_request".to_owned()),
    };
    Assertion {
        id: "_assertion".to_owned(),
        issue_instant: now,
        issuer: IDP.to_owned(),
        subject: Some(Subject {
            name_id: Some(NameId { value: "auth0|1".to_owned(), ..NameId::default() }),
            confirmations: vec![confirmation],
        }),
        conditions: Some(Conditions {
            not_before: Some(now),
            not_on_or_after: until,
            audiences: vec![vec![SP.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: now,
            session_index: Some("_session".to_owned()),
            session_not_on_or_after: None,
            class_ref: Some(names::authn_context::UNSPECIFIED.to_owned()),
        }],
        attributes: claims.into_iter().map(attribute).collect(),
    }
}
