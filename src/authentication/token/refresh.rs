//! Refresh tokens drawn. Source: spec/tokens.md §1 and §6.

use crate::domain::client::Client;
use crate::domain::session::Grant;
use crate::domain::session::RefreshToken;
use crate::keys::digest;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// Draws a refresh token of the family and keeps what it stands for. One that rotates begins with `v1.M`.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    client: &Client,
    grant: &Grant,
    family: &str,
    family_created_at: Timestamp,
) -> String {
    let rotating = client.refresh_token.rotates();
    let secret = if rotating { format!("v1.M{}", tx.rng().url_safe(60)) } else { tx.rng().url_safe(45) };
    let token = RefreshToken {
        grant: grant.clone(),
        family: family.to_owned(),
        rotating,
        created_at: tx.now,
        family_created_at,
        last_used_at: tx.now,
        rotated_at: None,
    };
    tx.refresh_tokens.put(digest::sha256(secret.as_bytes()), token);
    secret
}

/// Draws one where `offline_access` was granted.
pub(super) fn keep_if_offline(tx: &mut Tx<'_>, client: &Client, grant: &Grant, family: &str) -> Option<String> {
    let offline = grant.scope.iter().any(|scope| scope == "offline_access");
    let now = tx.now;
    offline.then(|| keep(tx, client, grant, family, now))
}

/// Ends all tokens of a family that are kept: refresh tokens and opaque access tokens.
pub(super) fn end_family(tx: &mut Tx<'_>, family: &str) {
    tx.refresh_tokens.retain(|_, token| token.family != family);
    tx.opaque_tokens.retain(|_, token| token.family != family);
}
