//! What connections do with assertions, whichever protocol brought them.

use serde_json::Map;
use serde_json::Value;

use crate::connections::error::ConnectionError;
use crate::connections::error::Doubt;
use crate::connections::redirect::Once;
use crate::domain::connection::Connection;
use crate::keys::digest;
use crate::protocols::saml::algorithm::Sha1;
use crate::protocols::saml::assertion::Assertion;
use crate::protocols::saml::attribute::Attribute;
use crate::protocols::saml::refusal::Refusal;
use crate::protocols::saml::verify::SignatureError;
use crate::time::Timestamp;

/// How far a provider's clock may be off, in seconds. (How far the real service lets it is not documented.)
pub(super) const SKEW_SECONDS: i64 = 60;

/// A refusal in the real service's words, where they are known (spec/enterprise.md §3.3); with the message if the
/// connection is to be debugged (`debug`). `known` are the thumbprints of the provider's certificates.
pub(super) fn doubt(connection: &Connection, known: &[String], refusal: &Refusal, xml: &str) -> ConnectionError {
    let description = match refusal {
        Refusal::Signature(SignatureError::Untrusted(found)) => {
            format!("Invalid thumbprint (configured: {}. calculated: {found})", known.join(", "))
        }
        Refusal::Expired(_) => "assertion has expired.".to_owned(),
        Refusal::Status(status) => {
            let code = status.codes.last().map(String::as_str);
            status.message.as_deref().or(code).unwrap_or("the identity provider refused").to_owned()
        }
        other => other.to_string(),
    };
    let message = connection.flag_option("debug").then(|| xml.to_owned());
    ConnectionError::Assertion(Box::new(Doubt { check: refusal.check(), description, message }))
}

/// SHA-1 is taken of a provider whose connection says that it uses it (`signatureAlgorithm`, `digestAlgorithm`).
pub(super) fn sha1(connection: &Connection) -> Sha1 {
    let old = ["rsa-sha1", "sha1"].map(Some);
    let named = ["signatureAlgorithm", "digestAlgorithm"].map(|name| connection.text_option(name));
    if named.iter().any(|name| old.contains(name)) { Sha1::Accepted } else { Sha1::Refused }
}

/// An assertion is good for one login.
pub(super) fn once(assertion: &Assertion, until: Timestamp) -> Once {
    Once { hash: digest::sha256(format!("{}\n{}", assertion.issuer, assertion.id).as_bytes()), until }
}

/// One value is a text, several are a list, none is no attribute; the same name twice is one attribute.
pub(super) fn flat(attributes: Vec<Attribute>) -> Map<String, Value> {
    let mut values: Map<String, Value> = Map::new();
    for attribute in attributes {
        let texts = attribute.values.into_iter().map(|value| Value::String(value.text));
        if let Value::Array(all) = values.entry(attribute.name).or_insert_with(|| Value::Array(Vec::new())) {
            all.extend(texts);
        }
    }
    let flat = values.into_iter().filter_map(|(name, value)| match value {
        Value::Array(mut all) if all.len() <= 1 => all.pop().map(|one| (name, one)),
        many => Some((name, many)),
    });
    flat.collect()
}
