//! A login as an app begins it, with PKCE. Source: RFC 7636.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// A login that an app began, with what it must remember until the person comes back.
#[derive(Debug, Clone)]
pub struct Login {
    /// Where the person is sent.
    pub url: String,
    /// The parameters in that address.
    pub parameters: Vec<(String, String)>,
    pub(crate) verifier: String,
}

impl Login {
    /// The value of a parameter that was sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// RFC 7636 §4.2.
pub(crate) fn s256(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_standard_s() {
        // RFC 7636, appendix B.
        let challenge = s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
