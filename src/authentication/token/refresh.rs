//! Refresh tokens drawn. Source: spec/tokens.md §1 and §6.

use crate::domain::client::Client;
use crate::domain::session::Grant;
use crate::domain::session::RefreshToken;
use crate::keys::digest;
use crate::store::state::SecretHash;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// Where a refresh token comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Descent<'a> {
    pub(super) family: &'a str,
    pub(super) family_created_at: Timestamp,
    /// The hash of the token that it takes the place of.
    pub(super) previous: Option<SecretHash>,
}

/// Draws a refresh token and keeps what it stands for. One that rotates begins with `v1.M`.
pub(super) fn keep(tx: &mut Tx<'_>, client: &Client, grant: &Grant, descent: Descent<'_>) -> String {
    let rotating = client.refresh_token.rotates();
    let secret = if rotating { format!("v1.M{}", tx.rng().url_safe(60)) } else { tx.rng().url_safe(45) };
    let token = RefreshToken {
        grant: grant.clone(),
        family: descent.family.to_owned(),
        family_created_at: descent.family_created_at,
        last_used_at: tx.now,
        rotated_at: None,
        previous: descent.previous,
        superseded: false,
    };
    tx.refresh_tokens.put(digest::sha256(secret.as_bytes()), token);
    secret
}

/// Draws one where `offline_access` was granted.
pub(super) fn keep_if_offline(tx: &mut Tx<'_>, client: &Client, grant: &Grant, family: &str) -> Option<String> {
    let offline = grant.scope.iter().any(|scope| scope == "offline_access");
    let descent = Descent { family, family_created_at: tx.now, previous: None };
    offline.then(|| keep(tx, client, grant, descent))
}

/// Rotates a token: it is used up, the one before it finds no leeway any more, and the next one is drawn.
pub(super) fn rotate(tx: &mut Tx<'_>, client: &Client, key: SecretHash, token: &mut RefreshToken) -> String {
    if token.rotated_at.is_none()
        && let Some(previous) = token.previous
        && let Some(before) = tx.refresh_tokens.get(&previous)
    {
        let before = RefreshToken { superseded: true, ..RefreshToken::clone(before) };
        tx.refresh_tokens.put(previous, before);
    }
    token.rotated_at = token.rotated_at.or(Some(tx.now));
    let descent = Descent { family: &token.family, family_created_at: token.family_created_at, previous: Some(key) };
    keep(tx, client, &token.grant, descent)
}

/// Ends all tokens of a family that are kept: refresh tokens and opaque access tokens.
pub(super) fn end_family(tx: &mut Tx<'_>, family: &str) {
    tx.refresh_tokens.retain(|_, token| token.family != family);
    tx.opaque_tokens.retain(|_, token| token.family != family);
}
