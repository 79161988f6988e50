//! Who asks Graph or Live: a person's token. Source: spec/upstreams.md §4.

use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::FromRequestParts;
use axum::extract::Request;

use crate::http::parameters::Parameters;
use crate::upstreams::accounts::Account;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::microsoft::Microsoft;
use crate::upstreams::microsoft::account_of;
use crate::upstreams::microsoft::error::GraphError;
use crate::upstreams::request;

/// A person's good token.
pub(super) struct Session {
    pub(super) microsoft: Microsoft,
    pub(super) token: Token,
    pub(super) account: Arc<Account>,
    pub(super) parameters: Parameters,
}

impl<S: Send + Sync> FromRequest<S> for Session {
    type Rejection = GraphError;

    async fn from_request(request: Request, state: &S) -> Result<Self, GraphError> {
        let (mut parts, body) = request.into_parts();
        let microsoft = Microsoft::from_request_parts(&mut parts, state).await?;
        let asked = request::read(Request::from_parts(parts, body)).await?;
        let secret = asked.token().ok_or(GraphError::NoToken)?;
        let state = microsoft.read();
        let token = state.token(secret).filter(|token| token.kind == TokenKind::Access).ok_or(GraphError::BadToken)?;
        if token.is_expired(microsoft.now()) {
            return Err(GraphError::ExpiredToken);
        }
        drop(state);
        let account = account_of(&microsoft.upstreams.read(), &token.grant.account).ok_or(GraphError::BadToken)?;
        let account = microsoft.shown(account, (&token.grant.client_id, secret));
        Ok(Self { microsoft, token, account, parameters: asked.parameters })
    }
}

impl Session {
    /// Whether the account is one of the fake's own, and not somebody of the organization.
    pub(super) fn is_personal(&self) -> bool {
        self.microsoft.read().accounts.get(&self.account.id).is_some()
    }

    /// # Errors
    /// [`GraphError::Forbidden`] unless one of `scopes` was given.
    pub(super) fn require(&self, scopes: &[&str]) -> Result<(), GraphError> {
        let has_one = scopes.iter().any(|scope| self.token.grant.has(scope));
        if has_one { Ok(()) } else { Err(GraphError::Forbidden) }
    }
}
