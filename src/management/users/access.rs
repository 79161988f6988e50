//! The sessions and refresh tokens of a user: `/users/{id}/sessions`, `/users/{id}/refresh-tokens`,
//! `/users/{id}/revoke-access`. Source: spec/management-api.md §5.2.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::id::SessionId;
use crate::domain::id::UserId;
use crate::domain::session::Session;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::formats::SOME;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::refresh_tokens;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::management::sessions;
use crate::management::users::NO_SUCH_USER;
use crate::store::tenant::Tenant;

type Accepted = Result<(StatusCode, Json<Map<String, Value>>), ApiError>;

/// `GET /users/{id}/sessions`: those that count, in the order of their ids; by checkpoint alone.
pub(super) async fn sessions(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::by_checkpoint(&query, 100)?;
    let state = tenant.read();
    state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
    let is_alive = |session: &Session| session.user_id == id && session.is_alive(&state.settings, tenant.now());
    let mut found: Vec<_> = state.sessions.rows().filter(|session| is_alive(session)).collect();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    let (total, part) = (found.len(), page.cut(found, |session| session.id.as_str()));
    let answer = page.answer("sessions", part, |session| sessions::view(&state, session));
    Ok(Json(with_total(answer, total, &query)?))
}

/// `GET /users/{id}/refresh-tokens`: those that are good, in the order of their ids; by checkpoint alone.
pub(super) async fn refresh_tokens(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(UserId,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::by_checkpoint(&query, 100)?;
    let state = tenant.read();
    state.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
    let found = refresh_tokens::of_user(&state, &id, tenant.now());
    let (total, part) = (found.len(), page.cut(found, |token| token.family.as_str()));
    let answer = page.answer("tokens", part, |token| refresh_tokens::view(&state, token));
    Ok(Json(with_total(answer, total, &query)?))
}

/// These lists count if asked to, although they are paged by checkpoint, as recorded.
fn with_total(mut answer: Value, total: usize, query: &Query) -> Result<Value, ApiError> {
    if query.flag("include_totals")?.unwrap_or(false)
        && let Some(envelope) = answer.as_object_mut()
    {
        envelope.insert("total".to_owned(), total.into());
    }
    Ok(answer)
}

/// `DELETE /users/{id}/sessions`: 202. The person has to sign in again everywhere; refresh tokens stay.
pub(super) async fn end_sessions(tenant: Tenant, ApiPath((id,)): ApiPath<(UserId,)>) -> Accepted {
    let ended = tenant.write(|tx| {
        tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
        sessions::end(tx, |session| session.user_id == id);
        Ok::<_, ApiError>(())
    });
    ended.await?;
    Ok((StatusCode::ACCEPTED, Json(Map::new())))
}

/// `DELETE /users/{id}/refresh-tokens`: 202. No client can get new tokens for the user without a login.
pub(super) async fn end_refresh_tokens(tenant: Tenant, ApiPath((id,)): ApiPath<(UserId,)>) -> Accepted {
    let ended = tenant.write(|tx| {
        tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
        tx.refresh_tokens.retain(|_, token| token.grant.user_id != id);
        Ok::<_, ApiError>(())
    });
    ended.await?;
    Ok((StatusCode::ACCEPTED, Json(Map::new())))
}

const REVOCATION: Shape =
    Shape::closed(&[], &[property("session_id", SOME), property("preserve_refresh_tokens", Kind::Boolean)]);

/// `POST /users/{id}/revoke-access`: 202. Ends all sessions of the user, or the one that is named, and with them the
/// refresh tokens (of that session), unless those are to stay.
pub(super) async fn revoke(tenant: Tenant, ApiPath((id,)): ApiPath<(UserId,)>, body: Body) -> Accepted {
    let body = body.check(&REVOCATION, Call::Create)?;
    let only = body.text("session_id").map(str::to_owned);
    let keeps_tokens = body.flag("preserve_refresh_tokens").unwrap_or(false);
    let revoked = tenant.write(|tx| {
        tx.users.get(id.as_str()).ok_or(NO_SUCH_USER)?;
        let is_named = |session: Option<&str>| only.is_none() || session == only.as_deref();
        sessions::end(tx, |session| session.user_id == id && is_named(Some(session.id.as_str())));
        if !keeps_tokens {
            let is_of = |session: &Option<SessionId>| is_named(session.as_ref().map(SessionId::as_str));
            tx.refresh_tokens.retain(|_, token| token.grant.user_id != id || !is_of(&token.grant.session_id));
        }
        Ok::<_, ApiError>(())
    });
    revoked.await?;
    Ok((StatusCode::ACCEPTED, Json(Map::new())))
}
