//! Claims signed: with the tenant's current key, or with a shared secret. Source: spec/tokens.md §1 to §3.
//!
//! A signature takes 0.75 ms of pure computing. It is made on the async thread that has the request in hand: there are
//! as many of them as cores, so threads of another pool could only take turns with them, and each hand-over would cost
//! both; nothing waits longer than for the signatures that are ahead of it in any case.

use serde_json::Map;
use serde_json::Value;

use crate::authentication::forge::Key;
use crate::domain::claims::scopes::Granted;
use crate::domain::client::Client;
use crate::domain::resource_server::ResourceServer;
use crate::domain::tokens::access_token;
use crate::domain::tokens::access_token::AccessToken;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::keys::error::KeyError;
use crate::keys::ring::TENANT_ROLE;
use crate::keys::signing_key::Algorithm;
use crate::keys::signing_key::sign_hs256;
use crate::keys::verify::Jws;
use crate::keys::verify::VerifyingKey;
use crate::store::state::TenantState;

/// An access token for an API, signed as the API wants it.
///
/// # Errors
/// [`KeyError`] when there is no key to sign with.
pub(super) async fn access_token(
    keyring: &Keyring,
    state: &TenantState,
    (client, api): (&Client, &ResourceServer),
    token: &AccessToken<'_>,
) -> Result<String, KeyError> {
    // Nobody's code sets any claims yet.
    let claims = access_token::claims(token, api, Granted::to(client, token.scope), &Map::new());
    let typ = access_token::typ(api);
    sign(keyring, state, key_of_api(api)?, (typ, &claims)).await
}

/// An ID token, signed as the client wants it. Who has no secret can't verify HS256 and gets RS256.
///
/// # Errors
/// [`KeyError`] when there is no key to sign with.
pub(super) async fn id_token(
    keyring: &Keyring,
    state: &TenantState,
    client: &Client,
    claims: &Map<String, Value>,
) -> Result<String, KeyError> {
    sign(keyring, state, key_of_client(client), ("JWT", claims)).await
}

/// What the tokens of an API are signed with.
///
/// # Errors
/// [`KeyError::Sign`] when the API is to share a secret and has none.
pub(super) fn key_of_api(api: &ResourceServer) -> Result<Key, KeyError> {
    match (api.signing_alg.as_str(), &api.signing_secret) {
        ("HS256", Some(secret)) => Ok(Key::Shared(secret.as_bytes().to_vec())),
        ("HS256", None) => Err(KeyError::Sign("the API has no signing secret".to_owned())),
        (algorithm, _) => Ok(Key::Rsa(algorithm_named(algorithm))),
    }
}

/// What the ID tokens of a client are signed with. Who has no secret can't verify HS256 and gets RS256.
pub(super) fn key_of_client(client: &Client) -> Key {
    match (client.id_token_algorithm(), hs256_key(client)) {
        ("HS256", Some(secret)) => Key::Shared(secret),
        (algorithm, _) => Key::Rsa(algorithm_named(algorithm)),
    }
}

fn algorithm_named(name: &str) -> Algorithm {
    if name == "PS256" { Algorithm::Ps256 } else { Algorithm::Rs256 }
}

/// The secret's bytes, or what it encodes for old clients (`secret_encoded`).
fn hs256_key(client: &Client) -> Option<Vec<u8>> {
    let secret = client.client_secret.as_deref().filter(|_| !client.is_public())?;
    if client.jwt_configuration.secret_encoded {
        return digest::from_base64url(secret.trim_end_matches('='));
    }
    Some(secret.as_bytes().to_vec())
}

/// The claims of an ID token that was made by [`id_token`], whatever its age and whatever was set at its client since;
/// `None` for any other text.
pub(super) async fn read_id_token(keyring: &Keyring, state: &TenantState, token: &str) -> Option<Map<String, Value>> {
    let jws = Jws::parse(token).ok()?;
    // The algorithm chooses the key: what names HS256 is checked with the client's secret alone, all else with ours.
    let algorithm = match jws.header.get("alg").and_then(Value::as_str) {
        Some("HS256") => {
            let key = hs256_key(state.client(jws.unverified("aud")?.as_str()?)?)?;
            return jws.verify(&VerifyingKey::Hs256(&key)).ok();
        }
        Some("PS256") => Algorithm::Ps256,
        _ => Algorithm::Rs256,
    };
    let claims = keyring.verify_own(token, state.signing.published(), algorithm).await.ok()?;
    // An access token is for an API, or for several of them.
    let is_of_client = claims.get("aud").and_then(Value::as_str).is_some_and(|client| state.client(client).is_some());
    is_of_client.then_some(claims)
}

async fn sign(
    keyring: &Keyring,
    state: &TenantState,
    key: Key,
    (typ, claims): (&str, &Map<String, Value>),
) -> Result<String, KeyError> {
    match key {
        Key::Shared(secret) => sign_hs256(&secret, typ, claims),
        Key::Rsa(algorithm) => {
            keyring.signing_key(TENANT_ROLE, state.signing.current).await?.sign(algorithm, typ, claims)
        }
    }
}
