//! Who shows an access token: a person at an app, as long as the token lives and the app is installed.
//! Source: spec/upstreams.md §2.

use std::sync::Arc;

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::keys::digest;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::facebook::Facebook;
use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::grants::Consent;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::request::Asked;

/// A person's good token.
pub(super) struct Session {
    pub(super) token: Token,
    pub(super) account: Arc<Account>,
    /// What the person lets the app know now: what is taken back is gone at once.
    pub(super) consent: Consent,
}

/// The session of a request: its token checked, and its `appsecret_proof` if it has one.
///
/// # Errors
/// [`GraphError::NoToken`], [`GraphError::BadProof`] and what [`of_token`] returns.
pub(super) fn of(facebook: &Facebook, asked: &Asked) -> Result<Session, GraphError> {
    let text = asked.token().ok_or(GraphError::NoToken)?;
    let session = of_token(facebook, text)?;
    if let Some(proof) = asked.parameters.get("appsecret_proof") {
        check_proof(facebook, &session.token, text, proof)?;
    }
    Ok(session)
}

/// The session of a token.
///
/// # Errors
/// [`GraphError::BadToken`], [`GraphError::ExpiredToken`], [`GraphError::Uninstalled`].
pub(super) fn of_token(facebook: &Facebook, text: &str) -> Result<Session, GraphError> {
    let state = facebook.read();
    let token = state.token(text).filter(|token| token.kind == TokenKind::Access).ok_or(GraphError::BadToken)?;
    if let Some(end) = token.expires_at.filter(|_| token.is_expired(facebook.now())) {
        return Err(GraphError::ExpiredToken { at: written(end), now: written(facebook.now()) });
    }
    let account = state.accounts.get(&token.grant.account).cloned().ok_or(GraphError::BadToken)?;
    let account = facebook.shown(account, (&token.grant.client_id, text));
    let consent = state.consent(&token.grant.client_id, &account.id);
    if consent.granted.is_empty() {
        return Err(GraphError::Uninstalled(token.grant.client_id));
    }
    Ok(Session { token, account, consent })
}

/// The proof is made with the app's secret: the registered one, else the one that the app showed for this token. Where
/// neither is known (a token from the dialog, of an app that isn't registered) there is nothing to check it with.
fn check_proof(facebook: &Facebook, token: &Token, text: &str, proof: &str) -> Result<(), GraphError> {
    let registered = facebook.read().client(&token.grant.client_id).and_then(|client| client.secret);
    let Some(secret) = registered.or_else(|| token.secret.clone()) else { return Ok(()) };
    let expected = digest::hex(&digest::hmac_sha256(secret.as_bytes(), text.as_bytes()));
    if digest::constant_time_eq(expected.as_bytes(), proof.as_bytes()) { Ok(()) } else { Err(GraphError::BadProof) }
}

const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday], [day]-[month repr:short]-[year repr:last_two] [hour]:[minute]:[second] UTC");

/// A moment as Graph's messages have it, but for the time zone.
pub(super) fn written(at: Timestamp) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    moment.format(FORMAT).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_messages_have_them() {
        assert_eq!(written(Timestamp::from_seconds(1_900_000_000)), "Sunday, 17-Mar-30 17:46:40 UTC");
    }
}
