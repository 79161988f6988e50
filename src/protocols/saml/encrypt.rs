//! An assertion encrypted for one reader. Source: SAML 2.0 Core §6, XML Encryption 1.1 §3.

use crate::keys::block_cipher::BlockCipher;
use crate::keys::digest;
use crate::keys::hash::Hash;
use crate::keys::public_key::PublicKey;
use crate::keys::x509::Certificate;
use crate::keys::x509::Oaep;
use crate::protocols::saml::algorithm;
use crate::protocols::saml::names;
use crate::protocols::saml::writer::Writer;
use crate::time::Rng;

/// The reader's key can't encrypt: it is too short.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("encrypt: {0}")]
pub(crate) struct EncryptError(String);

/// For whom, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encryption<'a> {
    /// The reader's, which is named beside what is encrypted.
    pub(crate) certificate: &'a Certificate,
    pub(crate) key: &'a PublicKey,
    pub(crate) cipher: BlockCipher,
}

impl<'a> Encryption<'a> {
    /// With AES-256 in CBC mode, the real service's default (spec/enterprise.md §4.1).
    pub(crate) fn to(certificate: &'a Certificate) -> Self {
        Self { certificate, key: certificate.public_key(), cipher: BlockCipher::Aes256Cbc }
    }

    /// An assertion, signed or not, as `saml:EncryptedAssertion`.
    ///
    /// # Errors
    /// [`EncryptError`].
    pub(crate) fn encrypt(&self, assertion: &str, rng: &mut Rng) -> Result<String, EncryptError> {
        let failed = || EncryptError("the cipher failed".to_owned());
        let (key, text) = self.cipher.encrypt(assertion.as_bytes(), rng).ok_or_else(failed)?;
        let key = self.key.encrypt(Oaep::Sha1, &key).map_err(|error| EncryptError(error.to_string()))?;
        let mut writer = Writer::new();
        writer.start("saml:EncryptedAssertion").attribute("xmlns:saml", names::ASSERTION);
        writer.start("xenc:EncryptedData").attribute("xmlns:xenc", names::ENCRYPTION);
        writer.attribute("Type", "http://www.w3.org/2001/04/xmlenc#Element");
        method(&mut writer, algorithm::cipher_uri(self.cipher)).end();
        writer.start("ds:KeyInfo").attribute("xmlns:ds", names::SIGNATURE).start("xenc:EncryptedKey");
        method(&mut writer, algorithm::OAEP_MGF1P);
        writer.start("ds:DigestMethod").attribute("Algorithm", algorithm::digest_uri(Hash::Sha1)).end().end();
        writer.start("ds:KeyInfo").start("ds:X509Data");
        writer.element("ds:X509Certificate", &digest::base64(self.certificate.der())).end().end();
        cipher_value(&mut writer, &key);
        writer.end().end();
        cipher_value(&mut writer, &text);
        Ok(writer.finish())
    }
}

fn method<'a>(writer: &'a mut Writer, uri: &str) -> &'a mut Writer {
    writer.start("xenc:EncryptionMethod").attribute("Algorithm", uri)
}

fn cipher_value(writer: &mut Writer, bytes: &[u8]) {
    writer.start("xenc:CipherData").element("xenc:CipherValue", &digest::base64(bytes)).end();
}
