//! Authorization codes: drawn by `/authorize`, worth one exchange. Source: RFC 6749 §4.1.2, RFC 7636 §4.6, spec/tokens.md §1.

use crate::domain::session::AuthorizationCode;
use crate::domain::session::CodeChallenge;
use crate::keys::digest;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// How long a code is good, in seconds (unverified; the real one's is said to be short).
const LIFETIME_SECONDS: i64 = 60;

/// How many characters of 6 bits it has.
const LENGTH: usize = 43;

/// Whether it can still be exchanged.
pub(super) fn is_alive(code: &AuthorizationCode, now: Timestamp) -> bool {
    now < code.created_at.plus_seconds(LIFETIME_SECONDS)
}

/// Draws a code and keeps what it stands for.
pub(super) fn keep(tx: &mut Tx<'_>, code: AuthorizationCode) -> String {
    let secret = tx.rng().url_safe(LENGTH);
    tx.codes.put(digest::sha256(secret.as_bytes()), code);
    secret
}

/// The family of all tokens that come of a code. It follows from the code, so that a second exchange finds what came of
/// the first without the code being kept.
pub(super) fn family(code: &str) -> String {
    digest::base64url(&digest::sha256(format!("family of {code}").as_bytes()))
}

/// Whether the verifier is the one that the challenge was made of. Without a challenge there must be none.
pub(super) fn fits(challenge: Option<&CodeChallenge>, verifier: Option<&str>) -> bool {
    let equal = |one: &str, other: &str| digest::constant_time_eq(one.as_bytes(), other.as_bytes());
    match (challenge, verifier) {
        (None, None) => true,
        (Some(CodeChallenge::Plain(challenge)), Some(verifier)) => equal(challenge, verifier),
        (Some(CodeChallenge::S256(challenge)), Some(verifier)) => {
            equal(challenge, &digest::base64url(&digest::sha256(verifier.as_bytes())))
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_fits_its_challenge_alone() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let s256 = CodeChallenge::S256("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned());
        let plain = CodeChallenge::Plain(verifier.to_owned());
        assert!(fits(Some(&s256), Some(verifier)) && fits(Some(&plain), Some(verifier)) && fits(None, None));
        assert!(!fits(Some(&s256), Some("other")) && !fits(Some(&s256), None) && !fits(None, Some(verifier)));
    }
}
