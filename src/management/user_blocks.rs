//! `/user-blocks`: pairs of a user and an address that too many failed logins have blocked.
//! Source: spec/management-api.md §6.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::domain::user::User;
use crate::management::asked::Asked;
use crate::management::error::ApiError;
use crate::management::operations::Operations;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/user-blocks", &["read:users"], list)
        .delete("/user-blocks", &["update:users"], lift)
        .get("/user-blocks/{id}", &["read:users"], of_user)
        .delete("/user-blocks/{id}", &["update:users"], lift_of_user)
}

const NOT_FOUND: ApiError = ApiError::NotFound { message: "User not found.", code: Some("inexistent_user") };

/// `GET /user-blocks?identifier=`: an e-mail address, user name or phone number. Nobody there is no error.
async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    let identifier = query.text("identifier")?.ok_or(ApiError::MissingParameter("identifier"))?;
    let enabled_only = query.flag("consider_brute_force_enablement")?.unwrap_or(false);
    let state = tenant.read();
    let users = known_by(&state, identifier);
    let blocks = users.iter().flat_map(|user| blocks(&state, user, Some(identifier), enabled_only)).collect();
    Ok(view(blocks))
}

/// `GET /user-blocks/{id}`
async fn of_user(tenant: Tenant, ApiPath((id,)): ApiPath<(UserId,)>, query: Query) -> Result<Json<Value>, ApiError> {
    let enabled_only = query.flag("consider_brute_force_enablement")?.unwrap_or(false);
    let state = tenant.read();
    let user = state.users.get(id.as_str()).ok_or(NOT_FOUND)?;
    Ok(view(blocks(&state, user, None, enabled_only)))
}

/// `DELETE /user-blocks?identifier=`: 204, whether or not there was a block.
async fn lift(tenant: Tenant, asked: Asked, query: Query) -> Result<StatusCode, ApiError> {
    let identifier = query.text("identifier")?.ok_or(ApiError::MissingParameter("identifier"))?;
    let lifted = tenant.write(|tx| {
        for user in known_by(tx, identifier) {
            tx.forget_failures(&user.user_id);
            let user_id = Some(user.user_id.clone());
            tx.log(LogEvent { user_id, ..asked.success("Unblock by identifier", tx.now) });
        }
        Ok::<_, ApiError>(StatusCode::NO_CONTENT)
    });
    lifted.await
}

/// `DELETE /user-blocks/{id}`: 204, whether or not there was a block.
async fn lift_of_user(
    tenant: Tenant,
    asked: Asked,
    ApiPath((id,)): ApiPath<(UserId,)>,
) -> Result<StatusCode, ApiError> {
    let lifted = tenant.write(|tx| {
        tx.users.get(id.as_str()).ok_or(NOT_FOUND)?;
        tx.forget_failures(&id);
        tx.log(LogEvent { user_id: Some(id), ..asked.success("Unblock a user", tx.now) });
        Ok(StatusCode::NO_CONTENT)
    });
    lifted.await
}

/// Users of any database who are known by this.
fn known_by(state: &TenantState, identifier: &str) -> Vec<Arc<User>> {
    let databases = state.connections.rows().filter(|connection| connection.strategy.is_database());
    let columns = ["email", "username", "phone_number"];
    let found = databases.flat_map(|database| {
        columns.iter().filter_map(|column| state.users.in_database(&database.name, column, identifier))
    });
    let by_id: BTreeMap<UserId, Arc<User>> = found.map(|user| (user.user_id.clone(), Arc::clone(user))).collect();
    by_id.into_values().collect()
}

/// The blocks of a user, as `{identifier, ip, connection}`. What was typed isn't kept: unless asked about, the identifier
/// is what the user is known by first.
fn blocks(state: &TenantState, user: &User, identifier: Option<&str>, enabled_only: bool) -> Vec<Value> {
    let connection = user.primary().map(|identity| identity.connection.as_str()).unwrap_or_default();
    let protection = state.connection_named(connection).and_then(|known| known.options.get("brute_force_protection"));
    if enabled_only && protection == Some(&Value::Bool(false)) {
        return Vec::new();
    }
    let own = user.email.as_deref().or(user.username.as_deref()).or(user.phone_number.as_deref());
    let identifier = identifier.or(own).unwrap_or_default();
    let block = |ip: String| json!({ "identifier": identifier, "ip": ip, "connection": connection });
    state.blocked_addresses(&user.user_id).map(block).collect()
}

fn view(blocks: Vec<Value>) -> Json<Value> {
    Json(json!({ "blocked_for": blocks }))
}
