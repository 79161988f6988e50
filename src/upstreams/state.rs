//! All that the fakes know. Cloning is O(1).

use std::sync::Arc;

use serde_json::Value;

use crate::cell::map::Map;
use crate::keys::digest;
use crate::time::Rng;
use crate::upstreams::accounts;
use crate::upstreams::accounts::Account;
use crate::upstreams::accounts::AccountError;
use crate::upstreams::active_directory::directory::Directory;
use crate::upstreams::adfs::state::AdfsState;
use crate::upstreams::clients::Client;
use crate::upstreams::clients::ClientKey;
use crate::upstreams::dialogs::Browser;
use crate::upstreams::dialogs::Dialog;
use crate::upstreams::grants::Code;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Token;
use crate::upstreams::provider::Provider;
use crate::upstreams::saml::state::SamlState;

/// SHA-256 of a secret that somebody outside holds: what a fake knows does not open anything.
pub(crate) type SecretHash = [u8; 32];

/// What a secret is kept under.
pub(crate) fn hash_of(secret: &str) -> SecretHash {
    digest::sha256(secret.as_bytes())
}

/// The fakes' half of a tenant's state (the tenant's half is `store`'s).
#[derive(Clone, Debug, Default)]
pub(crate) struct UpstreamState {
    apple: FakeState,
    facebook: FakeState,
    github: FakeState,
    google: FakeState,
    linkedin: FakeState,
    microsoft: FakeState,
    oidc: FakeState,
    pub(crate) directory: Directory,
    pub(crate) adfs: AdfsState,
    pub(crate) saml: SamlState,
}

/// What one fake knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct FakeState {
    pub(crate) accounts: Map<String, Account>,
    /// Ids of accounts by the lower-cased names that people sign in with ([`Account::known_by`]).
    by_name: Map<String, String>,
    /// Apps that are registered. With none, any is taken for one (see [`crate::upstreams::clients`]).
    pub(crate) clients: Map<String, Client>,
    /// Keys that apps sign their secrets with, by `client_id`, as far as they are known.
    pub(crate) client_keys: Map<String, ClientKey>,
    pub(crate) dialogs: Map<SecretHash, Dialog>,
    pub(crate) browsers: Map<SecretHash, Browser>,
    pub(crate) codes: Map<SecretHash, Code>,
    pub(crate) tokens: Map<SecretHash, Token>,
    /// What a person let an app know, by `client_id` and account.
    pub(crate) consents: Map<(String, String), Consent>,
    /// How many accounts were ever added.
    added: u64,
}

impl UpstreamState {
    pub(crate) fn of(&self, provider: Provider) -> &FakeState {
        match provider {
            Provider::Apple => &self.apple,
            Provider::Facebook => &self.facebook,
            Provider::Github => &self.github,
            Provider::Google => &self.google,
            Provider::Linkedin => &self.linkedin,
            Provider::Microsoft => &self.microsoft,
            Provider::Oidc => &self.oidc,
        }
    }

    pub(crate) fn of_mut(&mut self, provider: Provider) -> &mut FakeState {
        match provider {
            Provider::Apple => &mut self.apple,
            Provider::Facebook => &mut self.facebook,
            Provider::Github => &mut self.github,
            Provider::Google => &mut self.google,
            Provider::Linkedin => &mut self.linkedin,
            Provider::Microsoft => &mut self.microsoft,
            Provider::Oidc => &mut self.oidc,
        }
    }

    /// Adds an account. Ids, names and an address that are missing are made up from `rng`; `null` says that the
    /// person has none. `grants` are the permissions that the person gives if not told otherwise, `None` is all.
    ///
    /// # Errors
    /// [`AccountError::Conflict`] when another account has the id or a name of it, [`AccountError::Invalid`].
    pub(crate) fn add_account(
        &mut self,
        provider: Provider,
        attributes: serde_json::Map<String, Value>,
        grants: Option<Vec<String>>,
        rng: &mut Rng,
    ) -> Result<Arc<Account>, AccountError> {
        let (id, attributes) = accounts::complete(provider, attributes, rng)?;
        let fake = self.of_mut(provider);
        if fake.accounts.get(&id).is_some() {
            return Err(AccountError::Conflict(provider.words().id));
        }
        fake.added += 1;
        fake.put_account(Account { provider, id, attributes, grants, position: fake.added })
    }

    /// Lays `changes` over an account's attributes (`null` takes one away); `grants` replaces its grants if given.
    ///
    /// # Errors
    /// [`AccountError`]; then nothing changed.
    pub(crate) fn change_account(
        &mut self,
        provider: Provider,
        id: &str,
        changes: serde_json::Map<String, Value>,
        grants: Option<Vec<String>>,
    ) -> Result<Arc<Account>, AccountError> {
        let fake = self.of_mut(provider);
        let account = fake.accounts.get(id).ok_or(AccountError::Unknown)?;
        let attributes = accounts::change(provider, account, changes)?;
        let grants = grants.or_else(|| account.grants.clone());
        let next = Account { attributes, grants, ..Account::clone(account) };
        fake.put_account(next)
    }

    /// Takes an account out, with all that hangs on it: browsers are signed out, codes and tokens end.
    ///
    /// # Errors
    /// [`AccountError::Unknown`].
    pub(crate) fn remove_account(&mut self, provider: Provider, id: &str) -> Result<Arc<Account>, AccountError> {
        let fake = self.of_mut(provider);
        let removed = fake.accounts.remove(id).ok_or(AccountError::Unknown)?;
        fake.forget_names(&removed);
        fake.codes.retain(|_, code| code.grant.account != id);
        fake.tokens.retain(|_, token| token.grant.account != id);
        fake.consents.retain(|(_, account), _| account != id);
        Ok(removed)
    }
}

impl FakeState {
    /// Accounts in the order in which they were added.
    pub(crate) fn accounts_in_order(&self) -> Vec<&Arc<Account>> {
        let mut accounts: Vec<_> = self.accounts.rows().collect();
        accounts.sort_by_key(|account| account.position);
        accounts
    }

    /// The account with this e-mail address, id or other name that people sign in with.
    pub(crate) fn account_called(&self, typed: &str) -> Option<&Arc<Account>> {
        let typed = typed.trim();
        let id = self.by_name.get(&typed.to_lowercase()).map_or(typed, |id| id.as_str());
        self.accounts.get(id)
    }

    fn put_account(&mut self, account: Account) -> Result<Arc<Account>, AccountError> {
        let id = account.id.clone();
        let names = account.known_by().into_iter().map(|(what, name)| (what, name.to_lowercase()));
        let names: Vec<_> = names.collect();
        let is_others = |name: &String| self.by_name.get(name).is_some_and(|owner| **owner != id);
        if let Some((what, _)) = names.iter().find(|(_, name)| is_others(name)) {
            return Err(AccountError::Conflict(what));
        }
        if let Some(before) = self.accounts.get(&id).cloned() {
            self.forget_names(&before);
        }
        for (_, name) in names {
            self.by_name.put(name, id.clone());
        }
        self.accounts.put(id.clone(), account);
        self.accounts.get(&id).cloned().ok_or(AccountError::Unknown)
    }

    fn forget_names(&mut self, account: &Account) {
        for (_, name) in account.known_by() {
            self.by_name.remove(&name.to_lowercase());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn attributes(value: Value) -> serde_json::Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    fn with_ana() -> (UpstreamState, Rng) {
        let (mut state, mut rng) = (UpstreamState::default(), Rng::new(Some(1)));
        let ana = attributes(json!({ "id": "1", "name": "Ana Ruiz", "email": "ana@people.example" }));
        state.add_account(Provider::Facebook, ana, None, &mut rng).unwrap();
        (state, rng)
    }

    #[test]
    fn an_address_belongs_to_one_account_of_a_fake() {
        let (mut state, mut rng) = with_ana();
        let other = attributes(json!({ "email": "Ana@people.example" }));
        let refused = state.add_account(Provider::Facebook, other.clone(), None, &mut rng);
        assert_eq!(refused, Err(AccountError::Conflict("email")));
        assert!(state.add_account(Provider::Google, other, None, &mut rng).is_ok());
    }

    #[test]
    fn a_change_keeps_the_id_and_can_take_attributes_away() {
        let (mut state, _) = with_ana();
        let changed =
            state.change_account(Provider::Facebook, "1", attributes(json!({ "email": null })), None).unwrap();
        assert_eq!((changed.email(), changed.text("first_name")), (None, Some("Ana")));
        assert_eq!(state.of(Provider::Facebook).account_called("ana@people.example"), None);
        assert!(state.of(Provider::Facebook).account_called(" 1 ").is_some());
        let moved = state.change_account(Provider::Facebook, "1", attributes(json!({ "id": "2" })), None);
        assert_eq!(moved, Err(AccountError::IdIsFixed));
    }

    #[test]
    fn a_removed_account_is_known_to_copies_made_before() {
        let (mut state, _) = with_ana();
        let copy = state.clone();
        state.remove_account(Provider::Facebook, "1").unwrap();
        assert_eq!(state.remove_account(Provider::Facebook, "1"), Err(AccountError::Unknown));
        assert_eq!(copy.of(Provider::Facebook).accounts_in_order().len(), 1);
    }
}
