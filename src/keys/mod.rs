//! Keys: made lazily, kept between runs, signed and verified with. Source: spec/tokens.md §8, design page section 10.

mod authority;
pub(crate) mod block_cipher;
pub(crate) mod ca;
mod certificate;
pub(crate) mod digest;
pub(crate) mod error;
pub(crate) mod es256;
mod files;
pub(crate) mod hash;
mod pkcs7;
pub(crate) mod public_key;
pub(crate) mod ring;
pub(crate) mod rsa_key;
pub(crate) mod signing_key;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod verify;
pub(crate) mod x509;

pub(crate) use crate::keys::ring::Keyring;
