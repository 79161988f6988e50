//! `GET|POST /userinfo`: the person who gave an access token. Source: OpenID Connect Core §5.3.

use axum::Json;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::upstreams::grants::TokenKind;
use crate::upstreams::oidc::Oidc;
use crate::upstreams::oidc::error::NEVER_KEPT;
use crate::upstreams::oidc::error::OidcAsked;
use crate::upstreams::oidc::error::OidcError;
use crate::upstreams::oidc::scopes;

/// What the scopes of the token allow.
pub(super) async fn userinfo(oidc: Oidc, OidcAsked(asked): OidcAsked) -> Result<Response, OidcError> {
    let state = oidc.read();
    let token = asked.token().and_then(|secret| state.token(secret));
    let token = token.filter(|token| token.kind == TokenKind::Access && !token.is_expired(oidc.now()));
    let token = token.ok_or(OidcError::InvalidToken)?;
    let account = state.accounts.get(&token.grant.account).cloned().ok_or(OidcError::InvalidToken)?;
    let account = oidc.shown(account, (&token.grant.client_id, asked.token().unwrap_or_default()));
    Ok(([NEVER_KEPT], Json(scopes::visible_in_userinfo(&account, &token.grant))).into_response())
}
