//! Randomness that a seed fixes.

use rand::Rng as _;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"0123456789";
/// The alphabet of base64url (RFC 4648 §5).
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A cryptographically strong random source: from the system, or from a seed and then the same every time.
pub(crate) struct Rng {
    random: StdRng,
    seed: Option<u64>,
}

impl Rng {
    /// From the system's entropy, or from `seed`.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let random = seed.map_or_else(from_system, StdRng::seed_from_u64);
        Self { random, seed }
    }

    /// The source of a fork: of its own, and fixed by the seed and the fork's name (design page, section 3).
    #[must_use]
    pub(crate) fn fork(&self, name: &str) -> Self {
        let Some(seed) = self.seed else { return Self::new(None) };
        // FNV-1a over the name, started from the seed: stable between versions, unlike std's hashers.
        let forked = name
            .bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self::new(Some(forked))
    }

    /// What another source can be started from: drawn now, used at will (see [`Rng::from_key`]).
    pub(crate) fn key(&mut self) -> [u8; 32] {
        let mut key = [0; 32];
        self.random.fill_bytes(&mut key);
        key
    }

    /// The source that a drawn key stands for.
    pub(crate) fn from_key(key: [u8; 32]) -> Self {
        Self { random: StdRng::from_seed(key), seed: None }
    }

    /// `length` letters and digits.
    pub(crate) fn alphanumeric(&mut self, length: usize) -> String {
        self.text(ALPHANUMERIC, length)
    }

    /// `length` characters of the URL-safe base64 alphabet: 6 bits each.
    pub(crate) fn url_safe(&mut self, length: usize) -> String {
        self.text(URL_SAFE, length)
    }

    /// `length` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.text(HEX, length)
    }

    /// `length` decimal digits.
    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.text(DIGITS, length)
    }

    /// A whole number below `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { self.random.random_range(0..end) }
    }

    /// For the crates that take a `rand` source.
    pub(crate) fn source(&mut self) -> &mut StdRng {
        &mut self.random
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .filter_map(|_| alphabet.get(self.random.random_range(0..alphabet.len())).map(|&byte| char::from(byte)))
            .collect()
    }
}

impl std::fmt::Debug for Rng {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rng")
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the system for entropy")]
fn from_system() -> StdRng {
    StdRng::from_rng(&mut rand::rng())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_fixes_what_is_drawn_and_forks_draw_their_own() {
        let (mut one, mut other) = (Rng::new(Some(7)), Rng::new(Some(7)));
        assert_eq!(one.alphanumeric(32), other.alphanumeric(32));
        assert_eq!(one.fork("a").hex(24), other.fork("a").hex(24));
        assert_ne!(one.fork("a").hex(24), one.fork("b").hex(24));
    }
}
