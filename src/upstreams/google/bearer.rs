//! Who shows an access token.

use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::Request;

use crate::upstreams::accounts::Account;
use crate::upstreams::google::Google;
use crate::upstreams::google::error::GoogleError;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::request;
use crate::upstreams::request::Asked;

/// A request's parameters; what can't be read is answered in Google's words.
pub(super) struct GoogleAsked(pub(super) Asked);

impl<S: Send + Sync> FromRequest<S> for GoogleAsked {
    type Rejection = GoogleError;

    async fn from_request(request: Request, _: &S) -> Result<Self, GoogleError> {
        Ok(Self(request::read(request).await?))
    }
}

/// A good access token with its account; `None` when it isn't one, or not any more.
pub(super) fn holder(google: &Google, access_token: &str) -> Option<(Token, Arc<Account>)> {
    let state = google.read();
    let token = state.token(access_token).filter(|token| token.kind == TokenKind::Access)?;
    let account = state.accounts.get(&token.grant.account).cloned()?;
    if token.is_expired(google.now()) {
        return None;
    }
    let account = google.shown(account, (&token.grant.client_id, access_token));
    Some((token, account))
}
