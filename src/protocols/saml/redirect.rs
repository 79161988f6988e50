//! The redirect binding: a message in a query, signed over the octets of the query. Source: SAML 2.0 Bindings §3.4.4.

use url::form_urlencoded;

use crate::keys::digest;
use crate::protocols::saml::algorithm;
use crate::protocols::saml::base64;
use crate::protocols::saml::binding;
use crate::protocols::saml::binding::BindingError;
use crate::protocols::saml::binding::Kind;
use crate::protocols::saml::sign::SignError;
use crate::protocols::saml::sign::Signing;
use crate::protocols::saml::verify::SignatureError;
use crate::protocols::saml::verify::Trust;

const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// A message that goes out in a query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outgoing<'a> {
    pub(crate) kind: Kind,
    /// Without a signature in it: the query's takes its place.
    pub(crate) xml: &'a str,
    pub(crate) relay_state: Option<&'a str>,
    /// Compressed, as the binding wants; some providers can be told not to.
    pub(crate) deflate: bool,
}

impl Outgoing<'_> {
    /// The address with the message in its query, after the query that it has.
    ///
    /// # Errors
    /// [`SignError::Key`].
    pub(crate) fn to_url(self, endpoint: &str, signing: Option<&Signing<'_>>) -> Result<String, SignError> {
        let (endpoint, fragment) = endpoint.split_once('#').map_or((endpoint, None), |(url, rest)| (url, Some(rest)));
        let joint = match endpoint.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        Ok(format!("{endpoint}{joint}{}{fragment}", self.to_query(signing)?))
    }

    /// The query alone.
    ///
    /// # Errors
    /// As [`Outgoing::to_url`].
    pub(crate) fn to_query(self, signing: Option<&Signing<'_>>) -> Result<String, SignError> {
        let bytes = if self.deflate { binding::deflate(self.xml) } else { self.xml.as_bytes().to_owned() };
        let mut query = format!("{}={}", self.kind.field(), encoded(&digest::base64(&bytes)));
        if let Some(relay_state) = self.relay_state {
            query.push_str("&RelayState=");
            query.push_str(&encoded(relay_state));
        }
        if let Some(signing) = signing {
            query.push_str("&SigAlg=");
            query.push_str(&encoded(algorithm::signature_uri(signing.signature)));
            let signature = signing.key.sign(signing.signature, query.as_bytes());
            let signature = signature.map_err(|error| SignError::Key(error.to_string()))?;
            query.push_str("&Signature=");
            query.push_str(&encoded(&digest::base64(&signature)));
        }
        Ok(query)
    }
}

/// A message that came in a query. Whether it is signed is checked by [`Incoming::verify`].
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) kind: Kind,
    pub(crate) xml: String,
    pub(crate) relay_state: Option<String>,
    signature: Option<QuerySignature>,
}

#[derive(Clone, Debug)]
struct QuerySignature {
    algorithm: String,
    value: String,
    /// The octets that were signed, as they came: who signs may escape in its own way.
    octets: String,
}

impl Incoming {
    /// Reads a raw query, as it stood in the address.
    ///
    /// # Errors
    /// [`BindingError`].
    pub(crate) fn read(query: &str) -> Result<Self, BindingError> {
        let (request, response) = (raw(query, "SAMLRequest")?, raw(query, "SAMLResponse")?);
        let (kind, message) = match (request, response) {
            (Some(message), None) => (Kind::Request, message),
            (None, Some(message)) => (Kind::Response, message),
            (Some(_), Some(_)) => return Err(BindingError::Doubled("the message".to_owned())),
            (None, None) => return Err(BindingError::Missing),
        };
        if raw(query, "SAMLEncoding")?.is_some_and(|encoding| decoded(encoding) != DEFLATE) {
            return Err(BindingError::Encoding);
        }
        let bytes = base64::decode(&decoded(message)).ok_or(BindingError::NotBase64)?;
        let relay_state = raw(query, "RelayState")?;
        let signature = match (raw(query, "SigAlg")?, raw(query, "Signature")?) {
            (Some(algorithm), Some(value)) => {
                let relayed = relay_state.map(|state| format!("&RelayState={state}")).unwrap_or_default();
                let octets = format!("{}={message}{relayed}&SigAlg={algorithm}", kind.field());
                Some(QuerySignature { algorithm: decoded(algorithm), value: decoded(value), octets })
            }
            _ => None,
        };
        Ok(Self { kind, xml: binding::inflated(bytes)?, relay_state: relay_state.map(decoded), signature })
    }

    /// Whether the query claims a signature at all.
    #[cfg(test)]
    pub(crate) fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// Checks the query's signature.
    ///
    /// # Errors
    /// [`SignatureError::Missing`] when there is none, else what is wrong with it.
    pub(crate) fn verify(&self, trust: &Trust<'_>) -> Result<(), SignatureError> {
        let signature = self.signature.as_ref().ok_or(SignatureError::Missing)?;
        let method = algorithm::signature(&signature.algorithm, trust.sha1);
        let method =
            method.ok_or_else(|| SignatureError::Algorithm(signature.algorithm.chars().take(200).collect()))?;
        let value = base64::decode(&signature.value).ok_or(SignatureError::Form("is not base64"))?;
        let octets = signature.octets.as_bytes();
        let verified = trust.certificates.iter().any(|certificate| certificate.verifies(method, octets, &value));
        if verified { Ok(()) } else { Err(SignatureError::Value) }
    }
}

/// A parameter's value as it came, which may be given once.
fn raw<'q>(query: &'q str, name: &str) -> Result<Option<&'q str>, BindingError> {
    let mut found = query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key) == name).then_some(value)
    });
    let first = found.next();
    if found.next().is_some() { Err(BindingError::Doubled(name.to_owned())) } else { Ok(first) }
}

fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// A name or a value without its escapes.
fn decoded(raw: &str) -> String {
    let as_value = format!("v={raw}");
    let mut pairs = form_urlencoded::parse(as_value.as_bytes());
    pairs.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::hash::Hash;
    use crate::protocols::saml::algorithm::Sha1;
    use crate::protocols::saml::testing::KEY;
    use crate::protocols::saml::testing::OTHER;

    const XML: &str = "<r>zo\u{eb} &amp; co</r>";

    fn outgoing(relay_state: Option<&str>) -> Outgoing<'_> {
        Outgoing { kind: Kind::Request, xml: XML, relay_state, deflate: true }
    }

    #[test]
    fn a_message_comes_as_it_went() {
        for relay_state in [None, Some(""), Some("a b&c=d%\u{eb}")] {
            for deflate in [true, false] {
                let query = Outgoing { deflate, ..outgoing(relay_state) }.to_query(None).unwrap();
                let found = Incoming::read(&query).unwrap();
                assert_eq!((found.kind, &*found.xml, found.relay_state.as_deref()), (Kind::Request, XML, relay_state));
                assert!(!found.is_signed());
            }
        }
    }

    #[test]
    fn it_follows_the_query_that_an_address_has() {
        let check = |endpoint: &str, begins: &str| {
            let url = outgoing(None).to_url(endpoint, None).unwrap();
            assert!(url.starts_with(begins), "{url}");
        };
        check("https://idp.example/sso", "https://idp.example/sso?SAMLRequest=");
        check("https://idp.example/sso?a=b", "https://idp.example/sso?a=b&SAMLRequest=");
        check("https://idp.example/sso?", "https://idp.example/sso?SAMLRequest=");
        assert!(outgoing(None).to_url("https://idp.example/#f", None).unwrap().ends_with("#f"));
    }

    #[test]
    fn a_query_is_signed_as_it_stands() {
        let certificates = [KEY.certificate().clone()];
        let trust = Trust { certificates: &certificates, sha1: Sha1::Refused };
        let verify = |query: &str| Incoming::read(query).unwrap().verify(&trust);
        let query = outgoing(Some("state")).to_query(Some(&Signing::with(&KEY))).unwrap();
        assert_eq!(verify(&query), Ok(()));
        assert_eq!(verify(&query.replace("state", "other")), Err(SignatureError::Value));
        assert_eq!(verify(&query.replace("&RelayState=state", "")), Err(SignatureError::Value));
        let (unsigned, _) = query.split_once("&Signature").unwrap();
        assert_eq!(verify(unsigned), Err(SignatureError::Missing));
        let foreign = outgoing(None).to_query(Some(&Signing::with(&OTHER))).unwrap();
        assert_eq!(verify(&foreign), Err(SignatureError::Value));
        let old = outgoing(None).to_query(Some(&Signing { signature: Hash::Sha1, ..Signing::with(&KEY) })).unwrap();
        assert!(matches!(verify(&old), Err(SignatureError::Algorithm(_))));
        let lenient = Trust { sha1: Sha1::Accepted, ..trust };
        assert_eq!(Incoming::read(&old).unwrap().verify(&lenient), Ok(()));
        // Somebody who escapes more than is needed, and who wants lower-case digits.
        let escaped = outgoing(Some("~")).to_query(None).unwrap().replace("%7E", "%7e")
            + "&SigAlg=http%3a%2f%2fwww.w3.org%2f2001%2f04%2fxmldsig-more%23rsa-sha256";
        let signature = digest::base64(&KEY.sign(Hash::Sha256, escaped.as_bytes()).unwrap());
        assert_eq!(verify(&format!("{escaped}&Signature={}", encoded(&signature))), Ok(()));
    }

    #[test]
    fn a_query_with_two_messages_is_refused() {
        let check = |query: &str, expected: BindingError| assert_eq!(Incoming::read(query).unwrap_err(), expected);
        check("a=b", BindingError::Missing);
        check("SAMLRequest=a&SAMLRequest=a", BindingError::Doubled("SAMLRequest".to_owned()));
        check("SAMLRequest=a&SAML%52equest=a", BindingError::Doubled("SAMLRequest".to_owned()));
        check("SAMLRequest=a&SAMLResponse=a", BindingError::Doubled("the message".to_owned()));
        check("SAMLRequest=PA%3D%3D&RelayState=a&RelayState=b", BindingError::Doubled("RelayState".to_owned()));
        check("SAMLRequest=%25", BindingError::NotBase64);
        check("SAMLRequest=AAAA&SAMLEncoding=gzip", BindingError::Encoding);
    }
}
