//! The table of refresh tokens with its indexes: by family, and by whose they are. Source: spec/tokens.md §6.

use std::sync::Arc;

use imbl::OrdSet;

use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::domain::session::RefreshToken;
use crate::store::state::SecretHash;
use crate::store::table::Table;

/// Refresh tokens by the hash of their secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct RefreshTokens {
    rows: Table<SecretHash, RefreshToken>,
    by_family: OrdSet<(String, SecretHash)>,
    by_owner: OrdSet<(UserId, ClientId, SecretHash)>,
}

/// The least and the greatest hash: what lies between them are all of one owner or family.
const LEAST: SecretHash = [0; 32];
const GREATEST: SecretHash = [u8::MAX; 32];

impl RefreshTokens {
    pub(crate) fn get(&self, key: &SecretHash) -> Option<&Arc<RefreshToken>> {
        self.rows.get(key)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// In the order of their hashes.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Arc<RefreshToken>> {
        self.rows.rows()
    }

    /// All tokens that came of one login, used up or not.
    pub(crate) fn of_family(&self, family: &str) -> impl Iterator<Item = (SecretHash, &Arc<RefreshToken>)> {
        let range = (family.to_owned(), LEAST)..=(family.to_owned(), GREATEST);
        self.by_family.range(range).filter_map(|(_, key)| Some((*key, self.rows.get(key)?)))
    }

    /// All tokens of a user at a client, used up or not.
    pub(crate) fn of_owner(
        &self,
        user_id: &UserId,
        client_id: &ClientId,
    ) -> impl Iterator<Item = (SecretHash, &Arc<RefreshToken>)> {
        let least = (user_id.clone(), client_id.clone(), LEAST);
        let greatest = (user_id.clone(), client_id.clone(), GREATEST);
        self.by_owner.range(least..=greatest).filter_map(|(_, _, key)| Some((*key, self.rows.get(key)?)))
    }

    /// Puts a token in the place of the one with its hash, if there is one.
    pub(crate) fn put(&mut self, key: SecretHash, token: RefreshToken) {
        self.remove(&key);
        self.by_family.insert((token.family.clone(), key));
        self.by_owner.insert((token.grant.user_id.clone(), token.grant.client_id.clone(), key));
        self.rows.put(key, token);
    }

    pub(crate) fn remove(&mut self, key: &SecretHash) -> Option<Arc<RefreshToken>> {
        let removed = self.rows.remove(key)?;
        self.by_family.remove(&(removed.family.clone(), *key));
        self.by_owner.remove(&(removed.grant.user_id.clone(), removed.grant.client_id.clone(), *key));
        Some(removed)
    }

    /// Takes a whole family out.
    pub(crate) fn remove_family(&mut self, family: &str) {
        let keys: Vec<_> = self.of_family(family).map(|(key, _)| key).collect();
        for key in keys {
            self.remove(&key);
        }
    }

    /// As [`Table::sweep`].
    pub(crate) fn sweep(&mut self, from: &SecretHash, most: usize, keep: impl Fn(&RefreshToken) -> bool) {
        for key in self.rows.unwanted(from, most, keep) {
            self.remove(&key);
        }
    }

    /// Takes out the tokens that `keep` does not want.
    pub(crate) fn retain(&mut self, keep: impl Fn(&SecretHash, &RefreshToken) -> bool) {
        for key in self.rows.unwanted(&LEAST, self.len(), |_| false) {
            if self.rows.get(&key).is_some_and(|token| !keep(&key, token)) {
                self.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::session::Grant;
    use crate::time::Timestamp;

    fn token(user: &str, client: &str, family: &str) -> RefreshToken {
        let now = Timestamp::from_seconds(0);
        let grant = Grant {
            client_id: client.into(),
            user_id: user.into(),
            issuer: String::new(),
            scope: Vec::new(),
            audience: None,
            session_id: None,
            auth_time: None,
            organization: None,
            gty: None,
        };
        RefreshToken::first(grant, family, false, now)
    }

    #[track_caller]
    fn check(tokens: &RefreshTokens, family: &str, expected: &[u8]) {
        let found: Vec<_> = tokens.of_family(family).map(|(key, _)| key[0]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn families_and_owners_are_found_and_nobody_elses() {
        let mut tokens = RefreshTokens::default();
        for (key, user, client, family) in
            [(1, "a", "x", "f"), (2, "a", "x", "g"), (3, "a", "y", "h"), (4, "b", "x", "f")]
        {
            tokens.put([key; 32], token(user, client, family));
        }
        check(&tokens, "f", &[1, 4]);
        assert_eq!(tokens.of_owner(&"a".into(), &"x".into()).map(|(key, _)| key[0]).collect::<Vec<_>>(), [1, 2]);

        tokens.put([1; 32], token("b", "x", "g"));
        check(&tokens, "f", &[4]);
        assert_eq!(tokens.of_owner(&"a".into(), &"x".into()).count(), 1);

        tokens.remove_family("g");
        tokens.retain(|_, token| token.family != "h");
        assert_eq!((tokens.len(), tokens.by_family.len(), tokens.by_owner.len()), (1, 1, 1));
        tokens.sweep(&[9; 32], 10, |_| false);
        assert_eq!((tokens.len(), tokens.by_family.len(), tokens.by_owner.len()), (0, 0, 0));
    }
}
