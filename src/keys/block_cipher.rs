//! AES as encrypted documents use it: the text begins with its vector. Source: XML Encryption 1.1 §5.2.

use aws_lc_rs::aead::AES_128_GCM;
use aws_lc_rs::aead::AES_256_GCM;
use aws_lc_rs::aead::Aad;
use aws_lc_rs::aead::Algorithm;
use aws_lc_rs::aead::LessSafeKey;
use aws_lc_rs::aead::Nonce;
use aws_lc_rs::aead::UnboundKey;
use aws_lc_rs::cipher::AES_128;
use aws_lc_rs::cipher::AES_256;
use aws_lc_rs::cipher::DecryptionContext;
use aws_lc_rs::cipher::EncryptionContext;
use aws_lc_rs::cipher::PaddedBlockDecryptingKey;
use aws_lc_rs::cipher::PaddedBlockEncryptingKey;
use aws_lc_rs::cipher::UnboundCipherKey;
use aws_lc_rs::iv::FixedLength;

use crate::time::Rng;

const CBC_VECTOR: usize = 16;
const GCM_VECTOR: usize = 12;

/// A cipher with the length of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockCipher {
    Aes128Cbc,
    Aes256Cbc,
    Aes128Gcm,
    Aes256Gcm,
}

impl BlockCipher {
    /// A new key and `plain` encrypted with it, after its vector; `None` when the library can't, which it always can.
    pub(crate) fn encrypt(self, plain: &[u8], rng: &mut Rng) -> Option<(Vec<u8>, Vec<u8>)> {
        let drawn = rng.key();
        let key = drawn.get(..self.key_bytes())?;
        let vector = rng.key();
        let mut text = plain.to_vec();
        let encrypted = if let Some(algorithm) = self.gcm() {
            let vector: [u8; GCM_VECTOR] = vector.first_chunk().copied()?;
            let sealing = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
            let nonce = Nonce::assume_unique_for_key(vector);
            sealing.seal_in_place_append_tag(nonce, Aad::empty(), &mut text).ok()?;
            [&vector[..], &text].concat()
        } else {
            let vector: [u8; CBC_VECTOR] = vector.first_chunk().copied()?;
            let encrypting = PaddedBlockEncryptingKey::cbc_pkcs7(cbc(key)?).ok()?;
            let context = EncryptionContext::Iv128(FixedLength::from(vector));
            encrypting.less_safe_encrypt(&mut text, context).ok()?;
            [&vector[..], &text].concat()
        };
        Some((key.to_vec(), encrypted))
    }

    /// What was encrypted; `None` when it wasn't with this key, or was changed (with GCM always, with CBC perhaps).
    pub(crate) fn decrypt(self, key: &[u8], encrypted: &[u8]) -> Option<Vec<u8>> {
        if key.len() != self.key_bytes() {
            return None;
        }
        let Some(algorithm) = self.gcm() else {
            let (vector, text) = encrypted.split_first_chunk::<CBC_VECTOR>()?;
            let mut text = text.to_vec();
            // Whatever fills the last block: the standard doesn't ask for a pattern.
            let decrypting = PaddedBlockDecryptingKey::cbc_iso10126(cbc(key)?).ok()?;
            let context = DecryptionContext::Iv128(FixedLength::from(*vector));
            return decrypting.decrypt(&mut text, context).ok().map(|plain| plain.to_vec());
        };
        let (vector, text) = encrypted.split_first_chunk::<GCM_VECTOR>()?;
        let mut text = text.to_vec();
        let opening = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
        let nonce = Nonce::assume_unique_for_key(*vector);
        opening.open_in_place(nonce, Aad::empty(), &mut text).ok().map(|plain| plain.to_vec())
    }

    fn key_bytes(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes128Gcm => 16,
            Self::Aes256Cbc | Self::Aes256Gcm => 32,
        }
    }

    fn gcm(self) -> Option<&'static Algorithm> {
        match self {
            Self::Aes128Gcm => Some(&AES_128_GCM),
            Self::Aes256Gcm => Some(&AES_256_GCM),
            Self::Aes128Cbc | Self::Aes256Cbc => None,
        }
    }
}

fn cbc(key: &[u8]) -> Option<UnboundCipherKey> {
    UnboundCipherKey::new(if key.len() == 16 { &AES_128 } else { &AES_256 }, key).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encrypted_comes_back_and_with_another_key_does_not() {
        let mut rng = Rng::new(Some(1));
        for cipher in [BlockCipher::Aes128Cbc, BlockCipher::Aes256Cbc, BlockCipher::Aes128Gcm, BlockCipher::Aes256Gcm] {
            for plain in [&b""[..], b"short", &[7; 16], &[9; 1000]] {
                let (mut key, text) = cipher.encrypt(plain, &mut rng).unwrap();
                assert_eq!(cipher.decrypt(&key, &text).as_deref(), Some(plain), "{cipher:?}");
                assert_eq!(cipher.decrypt(&key, &text[..10]), None);
                key[0] ^= 1;
                assert_ne!(cipher.decrypt(&key, &text).as_deref(), Some(plain), "{cipher:?}");
                assert_eq!(cipher.decrypt(&key[1..], &text), None);
            }
        }
    }
}
