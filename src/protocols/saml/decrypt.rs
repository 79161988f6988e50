//! An assertion that was encrypted for us. Source: SAML 2.0 Core §6, XML Encryption 1.1 §4.4.

use crate::keys::rsa_key::RsaKey;
use crate::protocols::saml::algorithm;
use crate::protocols::saml::base64;
use crate::protocols::saml::element::Element;
use crate::protocols::saml::names;
use crate::protocols::saml::writer::Writer;

/// How many encrypted keys are tried: a message for several readers has one for each.
const MOST_KEYS: usize = 8;

/// Why an assertion can't be read. It never tells how far the decryption came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecryptError {
    #[error("there is no key to decrypt with")]
    NoKey,
    #[error("it is encrypted with {0:?}, which is not accepted")]
    Algorithm(String),
    #[error("it is not encrypted as SAML wants")]
    Form,
    #[error("it is not encrypted for our key")]
    Failed,
}

/// What was encrypted in an `EncryptedAssertion`, as a document whose root only declares the namespaces of the place
/// where it stood; the assertion is the root's only child.
///
/// # Errors
/// [`DecryptError`].
pub(crate) fn decrypt(encrypted: Element<'_>, keys: &[&RsaKey]) -> Result<String, DecryptError> {
    if keys.is_empty() {
        return Err(DecryptError::NoKey);
    }
    let data = child(encrypted, "EncryptedData")?;
    let uri = child(data, "EncryptionMethod")?.attribute("Algorithm").unwrap_or_default();
    let cipher = algorithm::cipher(uri).ok_or_else(|| refused(uri))?;
    let text = cipher_value(data)?;
    let mut failed = DecryptError::Form;
    let of_key = |part: &Element<'_>| part.is(names::ENCRYPTION, "EncryptedKey");
    for encrypted_key in encrypted.descendants().filter(of_key).take(MOST_KEYS) {
        match key(encrypted_key, keys) {
            Ok(found) => {
                let plain = found.iter().find_map(|key| cipher.decrypt(key, &text)).ok_or(DecryptError::Failed)?;
                let plain = String::from_utf8(plain).map_err(|_| DecryptError::Failed)?;
                return Ok(in_scope_of(encrypted, &plain));
            }
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// The keys that an `EncryptedKey` may hold: one for each of ours that reads it.
fn key(encrypted: Element<'_>, keys: &[&RsaKey]) -> Result<Vec<Vec<u8>>, DecryptError> {
    let method = child(encrypted, "EncryptionMethod")?;
    let uri = method.attribute("Algorithm").unwrap_or_default();
    let part = |namespace, name| method.children_named(namespace, name).next()?.attribute("Algorithm");
    let (digest, mask) = (part(names::SIGNATURE, "DigestMethod"), part(names::ENCRYPTION_11, "MGF"));
    let oaep = algorithm::oaep(uri, digest, mask).ok_or_else(|| refused(uri))?;
    if method.children_named(names::ENCRYPTION, "OAEPparams").next().is_some() {
        return Err(DecryptError::Form);
    }
    let value = cipher_value(encrypted)?;
    let found: Vec<_> = keys.iter().filter_map(|key| key.decrypt(oaep, &value)).collect();
    if found.is_empty() { Err(DecryptError::Failed) } else { Ok(found) }
}

fn cipher_value(of: Element<'_>) -> Result<Vec<u8>, DecryptError> {
    let data = child(of, "CipherData")?;
    base64::decode(&child(data, "CipherValue")?.text()).ok_or(DecryptError::Form)
}

fn child<'d>(of: Element<'d>, name: &'static str) -> Result<Element<'d>, DecryptError> {
    of.children_named(names::ENCRYPTION, name).next().ok_or(DecryptError::Form)
}

/// The text in an element that declares what was declared around the encrypted one.
fn in_scope_of(place: Element<'_>, plain: &str) -> String {
    // It may have been encrypted as a document.
    let plain = match plain.trim_ascii_start().strip_prefix("<?xml ") {
        Some(declared) => declared.split_once("?>").map_or("", |(_, rest)| rest),
        None => plain,
    };
    let mut writer = Writer::new();
    writer.start("Decrypted");
    for (prefix, uri) in place.namespaces_in_scope() {
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        writer.attribute(&name, uri);
    }
    writer.raw(plain);
    writer.finish()
}

fn refused(uri: &str) -> DecryptError {
    DecryptError::Algorithm(uri.chars().take(200).collect())
}
