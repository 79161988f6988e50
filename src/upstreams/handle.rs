//! The fakes as a request finds them: their state, their clock, their keys, and the address they were asked at.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::cell::Draft;
use crate::cell::Shared;
use crate::http::address::Address;
use crate::http::extension::extension;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::time::Clock;
use crate::time::Rng;
use crate::time::Timestamp;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::UpstreamState;

/// A handle to the fakes; clones are the same fakes.
#[derive(Clone)]
pub(crate) struct Upstreams {
    cell: Shared<UpstreamState>,
    keyring: Keyring,
}

/// The base address of the fake that a request is for, without a trailing slash:
/// `http://localhost:4480/_upstreams/google`, or `https://accounts.google.com` when it was asked by a real host name.
///
/// The server puts it into a request that comes by a real host name; else it follows from the request's [`Address`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(pub(crate) String);

impl Upstreams {
    pub(crate) fn new(state: UpstreamState, clock: Clock, rng: Rng, keyring: Keyring) -> Self {
        Self { cell: Shared::new(state, clock, rng), keyring }
    }

    /// The state as it is now.
    pub(crate) fn read(&self) -> Arc<UpstreamState> {
        self.cell.read()
    }

    /// Runs `change` on a private copy, which becomes the state if it returns `Ok`.
    ///
    /// # Errors
    /// What `change` returned, and nothing is written.
    pub(crate) fn write<T, E>(&self, change: impl FnOnce(&mut Draft<UpstreamState>) -> Result<T, E>) -> Result<T, E> {
        self.cell.write(change)
    }

    /// Puts `state` in the place of the current one, as a reset does; gives back what was there.
    pub(crate) fn replace(&self, state: Arc<UpstreamState>) -> Arc<UpstreamState> {
        self.cell.replace(state)
    }

    /// Fakes of their own that begin as these are now, on the fork's clock: O(1).
    #[must_use]
    pub(crate) fn fork(&self, name: &str, clock: Clock) -> Self {
        Self { cell: self.cell.fork_on(name, clock), keyring: self.keyring.clone() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.cell.clock().now()
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.keyring
    }
}

#[cfg(test)]
impl Upstreams {
    /// Adds an account, as the harness does.
    pub(crate) fn add_account(
        &self,
        provider: Provider,
        attributes: serde_json::Map<String, serde_json::Value>,
        grants: Option<Vec<String>>,
    ) -> Result<Arc<crate::upstreams::accounts::Account>, crate::upstreams::accounts::AccountError> {
        self.write(|draft| {
            let mut rng = Rng::from_key(draft.rng().key());
            draft.add_account(provider, attributes, grants, &mut rng)
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Upstreams {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        extension(parts)
    }
}

impl Base {
    /// The base of a fake in a request: what the server put there, or the fake's place below the request's address.
    ///
    /// # Errors
    /// A [`Failure`] when the request came past the server's layers.
    pub(crate) fn of(parts: &Parts, provider: Provider) -> Result<Self, Failure> {
        if let Some(Self(asked)) = parts.extensions.get() {
            return Ok(Self(by_first_host(asked, provider)));
        }
        let address: Address = extension(parts)?;
        Ok(Self(address.url(&format!("/_upstreams/{}", provider.as_str()))))
    }

    /// The URL of a path below it; `path` starts with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The URL of a path that really is at `host`: there if the fake was asked by a real host name, else below the base.
    pub(crate) fn url_at(&self, host: &str, path: &str) -> String {
        if !self.path().is_empty() {
            return self.url(path);
        }
        let address = self.address();
        let port = address.authority().split_once(':').map_or_else(String::new, |(_, port)| format!(":{port}"));
        Address::new(address.is_secure(), &format!("{host}{port}")).url(path)
    }

    /// Scheme, host and port without the path.
    pub(crate) fn address(&self) -> Address {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("http", &self.0));
        let authority = rest.split('/').next().unwrap_or_default();
        Address::new(scheme == "https", authority)
    }

    /// What stands between the authority and the paths of the fake: empty for a real host.
    pub(crate) fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or(&*self.0, |(_, rest)| rest);
        rest.find('/').map_or("", |slash| rest.split_at(slash).1)
    }
}

/// A provider goes by its first host name, whichever of its hosts was asked: that is the issuer's.
fn by_first_host(asked: &str, provider: Provider) -> String {
    let Some((scheme, authority)) = asked.split_once("://") else { return asked.to_owned() };
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let colon = if port.is_empty() { "" } else { ":" };
    match provider.hosts() {
        [first, ..] if provider.hosts().contains(&host) => format!("{scheme}://{first}{colon}{port}"),
        _ => asked.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_goes_by_its_first_host() {
        let check = |asked: &str, expected: &str| assert_eq!(by_first_host(asked, Provider::Google), expected);
        check("https://oauth2.googleapis.com", "https://accounts.google.com");
        check("http://www.googleapis.com:4480", "http://accounts.google.com:4480");
        check("http://localhost:4480/_upstreams/google", "http://localhost:4480/_upstreams/google");
    }

    #[test]
    fn a_base_is_taken_apart() {
        let embedded = Base("http://localhost:4480/_upstreams/google".into());
        assert_eq!(embedded.path(), "/_upstreams/google");
        assert_eq!(embedded.address().base(), "http://localhost:4480");
        let real = Base("https://accounts.google.com".into());
        assert_eq!((real.path(), real.address().base()), ("", "https://accounts.google.com"));
        let token = |base: &Base| base.url_at("oauth2.googleapis.com", "/token");
        assert_eq!(token(&real), "https://oauth2.googleapis.com/token");
        assert_eq!(token(&Base("http://accounts.google.com:4480".into())), "http://oauth2.googleapis.com:4480/token");
        assert_eq!(token(&embedded), "http://localhost:4480/_upstreams/google/token");
    }

    #[test]
    fn a_fork_has_accounts_of_its_own() {
        let upstreams =
            Upstreams::new(UpstreamState::default(), Clock::default(), Rng::new(Some(1)), Keyring::in_memory());
        let fork = upstreams.fork("f", Clock::default());
        fork.add_account(Provider::Google, serde_json::Map::new(), None).unwrap();
        let count = |upstreams: &Upstreams| upstreams.read().of(Provider::Google).accounts_in_order().len();
        assert_eq!((count(&upstreams), count(&fork)), (0, 1));
    }
}
