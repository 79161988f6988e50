//! `GET /v2/userinfo`: the person who gave a token with `openid`. Source: spec/upstreams.md §3.

use axum::Json;
use axum::extract::OriginalUri;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::upstreams::linkedin::Linkedin;
use crate::upstreams::linkedin::claims;
use crate::upstreams::linkedin::error::ApiError;
use crate::upstreams::linkedin::scopes;
use crate::upstreams::linkedin::session::Session;
use crate::upstreams::pictures;

/// What the scopes allow.
pub(super) async fn userinfo(session: Session) -> Result<Response, ApiError> {
    session.require(&[scopes::OPENID], "userinfo.GET.NO_VERSION")?;
    let person = claims::userinfo(&session.linkedin.base, &session.account, &session.token.grant);
    Ok(Json(person).into_response())
}

/// `GET /dms/image/ID`: the picture of an account that has no other.
pub(super) async fn picture(linkedin: Linkedin, OriginalUri(uri): OriginalUri) -> Result<Response, ApiError> {
    let id = uri.path().rsplit('/').next().unwrap_or_default();
    let account = linkedin.read().accounts.get(id).cloned().ok_or(ApiError::NotFound)?;
    Ok(pictures::picture(&account, 100))
}
