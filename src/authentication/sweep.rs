//! What is over must not pile up: each write that adds a row looks at a few others and takes out the dead.

use crate::authentication::authorize::transaction;
use crate::authentication::code;
use crate::domain::client::RefreshTokenSettings;
use crate::domain::tokens::refresh;
use crate::domain::tokens::refresh::Exchange;
use crate::keys::digest;
use crate::store::state::TenantState;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// How many rows of each table are looked at. Eight for one that is added keep the dead below an eighth of the living.
const MOST: usize = 8;

/// Takes dead logins, codes, tokens and sessions out, from a place that is drawn.
pub(super) fn sweep(tx: &mut Tx<'_>) {
    let now = tx.now;
    let key = tx.rng().key();
    let settings = tx.settings.clone();
    let clients = tx.clients.clone();
    let TenantState {
        sessions,
        transactions,
        visits,
        upstream_logouts,
        farewells,
        assertions,
        codes,
        refresh_tokens,
        opaque_tokens,
        ..
    } = &mut **tx;
    transactions.sweep(&digest::base64url(&key).into(), MOST, |row| transaction::is_alive(row, now));
    visits.sweep(&key, MOST, |id| transactions.contains(id.as_str()));
    upstream_logouts.sweep(&key, MOST, |row| now < row.begun_at.plus_seconds(transaction::LIFETIME_SECONDS));
    farewells.sweep(&key, MOST, |row| now < row.begun_at.plus_seconds(transaction::LIFETIME_SECONDS));
    assertions.sweep(&key, MOST, |until| now < *until);
    codes.sweep(&key, MOST, |row| code::is_alive(row, now));
    sessions.sweep(&key, MOST, |row| row.is_alive(&settings, now));
    opaque_tokens.sweep(&key, MOST, |row| now < row.expires_at);
    refresh_tokens.sweep(&key, MOST, |row| {
        let client = clients.get(row.grant.client_id.as_str());
        client.is_some_and(|client| !has_expired(row, &client.refresh_token, now))
    });
}

/// One that is used up stays as long as its family lives: its reuse must be noticed.
fn has_expired(token: &crate::domain::session::RefreshToken, settings: &RefreshTokenSettings, now: Timestamp) -> bool {
    refresh::exchange(token, settings, now) == Exchange::Expired
}
