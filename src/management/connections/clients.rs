//! `/connections/{id}/clients`: which clients may use a connection. Source: spec/management-api.md §9.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::management::body::Payload;
use crate::management::clients::NO_SUCH_CLIENT;
use crate::management::connections::NO_SUCH_CONNECTION;
use crate::management::connections::shape;
use crate::management::error::ApiError;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// `GET /connections/{id}/clients`, by checkpoint alone: `{"clients": [{"client_id"}], "next"}`.
pub(super) async fn list(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let page = Page::by_checkpoint(&query, MOST)?;
    let state = tenant.read();
    let connection = state.connections.get(id.as_str()).ok_or(NO_SUCH_CONNECTION)?;
    let mut ids: Vec<_> = connection.enabled_clients.iter().collect();
    ids.sort();
    let part = page.cut(ids, |id| id.as_str());
    Ok(Json(page.answer("clients", part, |id| Map::from_iter([("client_id".to_owned(), id.as_str().into())]))))
}

/// How many clients a page may have.
const MOST: usize = 1000;

/// `PATCH /connections/{id}/clients`: 204. All changes are made, or none.
pub(super) async fn update(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    payload: Payload,
) -> Result<StatusCode, ApiError> {
    let changes = payload.check(&shape::ENABLED_CLIENTS, Call::Update)?;
    let written = tenant.write(|tx| {
        let connection = tx.connections.get(id.as_str()).ok_or(NO_SUCH_CONNECTION)?;
        let mut connection = Connection::clone(connection);
        for change in changes.as_array().into_iter().flatten() {
            let client = change.get("client_id").and_then(Value::as_str).unwrap_or_default();
            let client = tx.client(client).ok_or(NO_SUCH_CLIENT)?;
            connection.enable(&client.client_id, change.get("status") == Some(&Value::Bool(true)));
        }
        tx.connections.put(connection.id.clone(), connection);
        Ok::<_, ApiError>(())
    });
    written.await?;
    Ok(StatusCode::NO_CONTENT)
}
