//! Who asks the API: a person's token. Source: spec/upstreams.md §3.

use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::FromRequestParts;
use axum::extract::Request;

use crate::upstreams::accounts::Account;
use crate::upstreams::grants::Token;
use crate::upstreams::grants::TokenKind;
use crate::upstreams::linkedin::Linkedin;
use crate::upstreams::linkedin::error::ApiError;
use crate::upstreams::request;
use crate::upstreams::request::Asked;

/// A person's good token, and what is asked with it.
pub(super) struct Session {
    pub(super) linkedin: Linkedin,
    pub(super) asked: Asked,
    pub(super) token: Token,
    pub(super) account: Arc<Account>,
}

impl<S: Send + Sync> FromRequest<S> for Session {
    type Rejection = ApiError;

    /// The token is in the header, or in the parameter `oauth2_access_token`.
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let linkedin = Linkedin::from_request_parts(&mut parts, state).await?;
        let asked = request::read(Request::from_parts(parts, body)).await?;
        let secret = asked.token().or_else(|| asked.parameters.get("oauth2_access_token")).ok_or(ApiError::NoToken)?;
        let state = linkedin.read();
        // What looks like one of LinkedIn's tokens and isn't known was taken back.
        let unknown = || if secret.starts_with("AQX") { ApiError::RevokedToken } else { ApiError::BadToken };
        let token = state.token(secret).filter(|token| token.kind == TokenKind::Access).ok_or_else(unknown)?;
        if token.is_expired(linkedin.now()) {
            return Err(ApiError::ExpiredToken);
        }
        let account = state.accounts.get(&token.grant.account).cloned().ok_or(ApiError::RevokedToken)?;
        drop(state);
        let account = linkedin.shown(account, (&token.grant.client_id, secret));
        Ok(Self { linkedin, asked, token, account })
    }
}

impl Session {
    /// # Errors
    /// [`ApiError::Forbidden`] with `what`, unless one of `scopes` was given.
    pub(super) fn require(&self, scopes: &[&str], what: &'static str) -> Result<(), ApiError> {
        let has_one = scopes.iter().any(|scope| self.token.grant.has(scope));
        if has_one { Ok(()) } else { Err(ApiError::Forbidden(what)) }
    }
}
