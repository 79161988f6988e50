//! `/sessions`: people signed in at browsers. Source: spec/management-api.md §14.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::SessionId;
use crate::domain::session::Session;
use crate::domain::strategy::Kind;
use crate::management::error::ApiError;
use crate::management::operations::Operations;
use crate::management::parameters::ApiPath;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/sessions/{id}", &["read:sessions"], read)
        .delete("/sessions/{id}", &["delete:sessions"], remove)
        .post("/sessions/{id}/revoke", &["delete:sessions", "delete:refresh_tokens"], revoke)
}

/// The code is unverified.
const NO_SUCH_SESSION: ApiError =
    ApiError::NotFound { message: "The session does not exist.", code: Some("inexistent_session") };

/// A session, as it counts for.
fn find<'a>(state: &'a TenantState, id: &str) -> Option<&'a Arc<Session>> {
    state.sessions.rows().find(|session| session.id.as_str() == id)
}

/// `GET /sessions/{id}`
async fn read(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let session = find(&state, &id).filter(|session| session.is_alive(&state.settings, tenant.now()));
    Ok(Json(view(&state, session.ok_or(NO_SUCH_SESSION)?)))
}

/// `DELETE /sessions/{id}`: 202, also when there is none. The person has to sign in again; refresh tokens stay.
async fn remove(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let ended = tenant.write(|tx| {
        end(tx, |session| session.id.as_str() == id);
        Ok::<_, ApiError>(())
    });
    ended.await?;
    Ok((StatusCode::ACCEPTED, Json(Map::new())))
}

/// `POST /sessions/{id}/revoke`: 202. The session ends with the refresh tokens that came of it.
async fn revoke(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let revoked = tenant.write(|tx| {
        find(tx, &id).ok_or(NO_SUCH_SESSION)?;
        end(tx, |session| session.id.as_str() == id);
        let came_of_it = |of: &Option<SessionId>| of.as_ref().is_some_and(|of| of.as_str() == id);
        tx.refresh_tokens.retain(|_, token| !came_of_it(&token.grant.session_id));
        Ok::<_, ApiError>(())
    });
    revoked.await?;
    Ok((StatusCode::ACCEPTED, Json(Map::new())))
}

/// Ends the sessions that `which` names.
pub(super) fn end(tx: &mut Tx<'_>, which: impl Fn(&Session) -> bool) {
    tx.sessions.retain(|_, session| !which(session));
}

/// A session as this API shows it.
pub(super) fn view(state: &TenantState, session: &Session) -> Map<String, Value> {
    let clients: Vec<_> = session.clients.iter().map(|client| json!({ "client_id": client })).collect();
    let method = json!({ "name": method(state, session), "timestamp": session.authenticated_at });
    let members = [
        ("id", json!(session.id)),
        ("user_id", json!(session.user_id)),
        ("created_at", json!(session.created_at)),
        ("updated_at", json!(session.last_interacted_at)),
        ("authenticated_at", json!(session.authenticated_at)),
        ("idle_expires_at", json!(session.idle_expires_at(&state.settings))),
        ("expires_at", json!(session.expires_at(&state.settings))),
        ("last_interacted_at", json!(session.last_interacted_at)),
        ("device", json!({ "initial_ip": session.initial_ip, "last_ip": session.last_ip })),
        ("clients", json!(clients)),
        ("authentication", json!({ "methods": [method] })),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// How the person signed in, by the kind of connection (the names of all but `pwd` and `federated` are unverified).
fn method(state: &TenantState, session: &Session) -> &'static str {
    let strategy = state.connection_named(&session.connection).map(|connection| connection.strategy);
    match strategy {
        Some(strategy) if strategy.kind() == Kind::Passwordless => strategy.as_str(),
        Some(strategy) if strategy.is_database() => "pwd",
        _ => "federated",
    }
}
