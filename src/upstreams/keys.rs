//! The keys that the fakes sign with, each fake with its own: two are published, one signs.

use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use crate::http::failure::Failure;
use crate::http::faults::behaviours::Behaviour;
use crate::http::faults::scope::Who;
use crate::keys::signing_key::Algorithm;
use crate::keys::signing_key::SigningKey;
use crate::keys::verify::Jws;
use crate::keys::verify::TokenError;
use crate::keys::verify::VerifyingKey;
use crate::upstreams::fake::Dialect;
use crate::upstreams::fake::Fake;

/// How many keys a provider publishes.
const PUBLISHED: usize = 2;

/// The first of the keys that come after a change.
const CHANGED: u32 = 2;

/// A key that is never published.
const UNPUBLISHED: u32 = 4;

/// Claims that are times.
const TIMES: [&str; 4] = ["iat", "exp", "nbf", "auth_time"];

/// All keys of the provider, the one that signs first. A provider that changed them has others.
///
/// # Errors
/// A [`Failure`] when one is not to be had.
pub(super) async fn all<D: Dialect>(fake: &Fake<D>) -> Result<[Arc<SigningKey>; PUBLISHED], Failure> {
    let first = first_of(fake);
    let (first, second) = tokio::join!(key(fake, first), key(fake, first + 1));
    Ok([first?, second?])
}

/// All keys as members of a key set, without certificates and thumbprints.
///
/// # Errors
/// As [`all`].
pub(super) async fn published<D: Dialect>(fake: &Fake<D>) -> Result<Vec<Value>, Failure> {
    let shown = all(fake).await?.map(|key| {
        let mut jwk = key.jwk(true);
        if let Some(members) = jwk.as_object_mut() {
            members.retain(|name, _| !name.starts_with("x5"));
        }
        jwk
    });
    Ok(shown.into())
}

/// Claims as a token, signed with RS256.
///
/// # Errors
/// A [`Failure`] when there is no key to be had.
pub(super) async fn sign<D: Dialect>(fake: &Fake<D>, claims: &Map<String, Value>) -> Result<String, Failure> {
    let who = who::<D>(claims);
    let asked = |behaviour| fake.behaviours.ask(behaviour, &who, "");
    let wrong = asked(Behaviour::WrongKey).is_some();
    let key = key(fake, if wrong { UNPUBLISHED } else { first_of(fake) }).await?;
    let skewed = asked(Behaviour::ClockSkew).map(|effect| skewed(claims, effect.skew_seconds()));
    key.sign(Algorithm::Rs256, "JWT", skewed.as_ref().unwrap_or(claims)).map_err(Failure::new)
}

/// The claims of a token that the provider signed itself, whenever and for whomever.
///
/// # Errors
/// [`TokenError`]; a key that can't be had counts as unknown.
pub(super) async fn verify_own<D: Dialect>(fake: &Fake<D>, token: &str) -> Result<Map<String, Value>, TokenError> {
    let keys = all(fake).await.map_err(|_| TokenError::UnknownKey)?;
    let jws = Jws::parse(token)?;
    let key = keys.iter().find(|key| Some(key.kid()) == jws.kid()).ok_or(TokenError::UnknownKey)?;
    jws.verify(&VerifyingKey::of(key, Algorithm::Rs256))
}

/// The number of the key that signs; the other published ones follow it.
fn first_of<D: Dialect>(fake: &Fake<D>) -> u32 {
    if fake.behaviours.ask_of_all(Behaviour::ChangedKeys).is_some() { CHANGED } else { 0 }
}

async fn key<D: Dialect>(fake: &Fake<D>, number: u32) -> Result<Arc<SigningKey>, Failure> {
    fake.upstreams.keyring().signing_key(D::PROVIDER.as_str(), number).await.map_err(Failure::new)
}

/// Whom a token is for and about.
fn who<D: Dialect>(claims: &Map<String, Value>) -> Who {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let of_account = text("sub").map(|sub| format!("{}:{sub}", D::PROVIDER.as_str()));
    Who {
        client: text("aud"),
        people: [text("sub"), text("oid"), text("email"), of_account].into_iter().flatten().collect(),
    }
}

/// The claims as a clock dates them that is so many seconds ahead.
fn skewed(claims: &Map<String, Value>, seconds: i64) -> Map<String, Value> {
    let mut skewed = claims.clone();
    for name in TIMES {
        if let Some(time) = skewed.get_mut(name)
            && let Some(at) = time.as_i64()
        {
            *time = at.saturating_add(seconds).into();
        }
    }
    skewed
}
