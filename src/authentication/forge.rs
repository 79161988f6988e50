//! Tokens that are wrong on purpose, so that what verifies them can be tested. Source: RFC 7519 §4.1, RFC 8725 §2 and §3.

use serde_json::Map;
use serde_json::Value;

use crate::keys::Keyring;
use crate::keys::digest;
use crate::keys::error::KeyError;
use crate::keys::ring::TENANT_ROLE;
use crate::keys::signing_key::Algorithm;
use crate::keys::signing_key::sign_hs256;
use crate::keys::signing_key::unsecured;
use crate::store::state::TenantState;

/// Whose key signs what nobody should believe: published nowhere.
const STRANGER_ROLE: &str = "stranger";

/// An hour, in seconds: by so much the times of wrong tokens are off.
const HOUR: i64 = 3600;

/// What is wrong with a token. Everything else about it is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "the names are those that tests write")]
pub(crate) enum Wrong {
    /// It expired an hour ago.
    Expired,
    /// It becomes valid in an hour: `nbf` and `iat` say so.
    NotYetValid,
    /// `iss` is another server.
    WrongIssuer,
    /// `aud` is another API or app.
    WrongAudience,
    /// `sub` is missing.
    MissingSubject,
    /// `exp` is missing.
    MissingExpiry,
    /// `nonce` is not the one that was sent.
    WrongNonce,
    /// `typ` is that of another kind of token.
    WrongType,
    /// Signed by a key that the key set doesn't have; `kid` names that key.
    UnknownKey,
    /// Signed by such a key; `kid` names the tenant's.
    WrongKey,
    /// `alg` is `none`, and there is no signature.
    AlgorithmNone,
    /// HS256 with the tenant's public key (PEM) as the secret.
    AlgorithmConfusion,
    /// The right key with another algorithm: PS256 for RS256 and the other way around.
    WrongAlgorithm,
    /// A bit of the signature is turned.
    BrokenSignature,
    /// The claims were changed after signing: `sub` is somebody else.
    Tampered,
    /// The last part is missing.
    Truncated,
}

/// What a token is signed with.
pub(crate) enum Key {
    Rsa(Algorithm),
    /// A secret shared with the receiver.
    Shared(Vec<u8>),
}

/// Signs as it should be, or wrong.
pub(super) struct Signing<'a> {
    pub(super) keyring: &'a Keyring,
    pub(super) state: &'a TenantState,
    pub(super) wrong: Option<Wrong>,
}

impl Wrong {
    /// What of it is in the claims.
    pub(super) fn spoil(self, claims: &mut Map<String, Value>) {
        let issued_at = claims.get("iat").and_then(Value::as_i64).unwrap_or_default();
        let lifetime = claims.get("exp").and_then(Value::as_i64).unwrap_or(issued_at).saturating_sub(issued_at);
        let mut put = |name: &str, value: Value| {
            claims.insert(name.to_owned(), value);
        };
        match self {
            Self::Expired => {
                put("iat", issued_at.saturating_sub(lifetime).saturating_sub(HOUR).into());
                put("exp", issued_at.saturating_sub(HOUR).into());
            }
            Self::NotYetValid => {
                put("nbf", issued_at.saturating_add(HOUR).into());
                put("iat", issued_at.saturating_add(HOUR).into());
                put("exp", issued_at.saturating_add(HOUR).saturating_add(lifetime).into());
            }
            Self::WrongIssuer => put("iss", "https://another-issuer.example/".into()),
            Self::WrongAudience => put("aud", "https://another-audience.example/".into()),
            Self::WrongNonce => put("nonce", "another-nonce".into()),
            Self::MissingSubject => drop(claims.remove("sub")),
            Self::MissingExpiry => drop(claims.remove("exp")),
            _ => {}
        }
    }
}

impl Signing<'_> {
    /// A compact JWS over the claims.
    pub(super) async fn sign(&self, key: Key, typ: &str, claims: &Map<String, Value>) -> Result<String, KeyError> {
        let typ = if self.wrong == Some(Wrong::WrongType) { "logout+jwt" } else { typ };
        let token = match (self.wrong, key) {
            (Some(Wrong::AlgorithmNone), _) => unsecured(typ, claims)?,
            (Some(Wrong::AlgorithmConfusion), Key::Rsa(_)) => {
                let own = self.keyring.signing_key(TENANT_ROLE, self.state.signing.current).await?;
                sign_hs256(own.public_pem()?.as_bytes(), typ, claims)?
            }
            (Some(Wrong::UnknownKey), Key::Rsa(algorithm)) => {
                self.keyring.signing_key(STRANGER_ROLE, 0).await?.sign(algorithm, typ, claims)?
            }
            (Some(Wrong::WrongKey), Key::Rsa(algorithm)) => {
                let own = self.keyring.signing_key(TENANT_ROLE, self.state.signing.current).await?;
                self.keyring.signing_key(STRANGER_ROLE, 0).await?.sign_as(own.kid(), algorithm, typ, claims)?
            }
            (Some(Wrong::WrongAlgorithm), Key::Rsa(algorithm)) => {
                let other = if algorithm == Algorithm::Rs256 { Algorithm::Ps256 } else { Algorithm::Rs256 };
                self.rsa(other, typ, claims).await?
            }
            (Some(Wrong::WrongAlgorithm), Key::Shared(_)) => self.rsa(Algorithm::Rs256, typ, claims).await?,
            (Some(Wrong::UnknownKey | Wrong::WrongKey | Wrong::AlgorithmConfusion), Key::Shared(_)) => {
                sign_hs256(b"a-secret-that-nobody-shares", typ, claims)?
            }
            (_, Key::Rsa(algorithm)) => self.rsa(algorithm, typ, claims).await?,
            (_, Key::Shared(secret)) => sign_hs256(&secret, typ, claims)?,
        };
        Ok(match self.wrong {
            Some(Wrong::BrokenSignature) => broken(&token),
            Some(Wrong::Tampered) => tampered(&token, claims),
            Some(Wrong::Truncated) => token.rsplit_once('.').map_or(token.clone(), |(signed, _)| format!("{signed}.")),
            _ => token,
        })
    }

    async fn rsa(&self, algorithm: Algorithm, typ: &str, claims: &Map<String, Value>) -> Result<String, KeyError> {
        self.keyring.signing_key(TENANT_ROLE, self.state.signing.current).await?.sign(algorithm, typ, claims)
    }
}

/// The first bit of the signature turned.
fn broken(token: &str) -> String {
    let Some((signed, signature)) = token.rsplit_once('.') else { return token.to_owned() };
    let mut bytes = digest::from_base64url(signature).unwrap_or_default();
    if let Some(first) = bytes.first_mut() {
        *first ^= 0x80;
    }
    format!("{signed}.{}", digest::base64url(&bytes))
}

fn tampered(token: &str, claims: &Map<String, Value>) -> String {
    let mut claims = claims.clone();
    claims.insert("sub".to_owned(), "auth0|somebody-else".into());
    let mut parts = token.splitn(3, '.');
    let (header, signature) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    format!("{header}.{}.{signature}", digest::base64url(Value::from(claims).to_string().as_bytes()))
}
