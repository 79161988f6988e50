//! How a user's attributes came about.

use axum::Json;
use axum::extract::Path;
use serde_json::Value;
use serde_json::json;

use crate::domain::profile::generated;
use crate::domain::user::User;
use crate::harness::control::error::ControlError;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How a user's attributes came about.
///
/// `{"user_id", "generated": [LINE], "logins": [{"at", "connection", "identity", "lines": [LINE], "console"?}]}`: what nobody gave and is made up, and what became of each attribute at the last logins through a
/// provider, newest first, linked identities included. A line is `{"fate", "from"?, "to"?, "value"?, "rule"}`; `console` has what the connection's
/// script (`profileMapper.js`) wrote, `warn: …`.
///
/// `USER_ID` may also be the id that a linked identity would have. Logins with a password bring no profile.
#[utoipa::path(get, path = "/traces/{id}", tag = "traces", params(("id" = String, Path, description = "The user's id")), responses((status = 200, description = "The traces"), ControlError))]
pub(super) async fn read(tenant: Tenant, Path(id): Path<String>) -> Result<Json<Value>, ControlError> {
    let state = tenant.read();
    let user = state.users.get(&id).or_else(|| state.users.owner_of(&id.as_str().into()));
    let user = user.ok_or(ControlError::NotFound { what: "user", name: id })?;
    Ok(Json(view(&state, user)))
}

fn view(state: &TenantState, user: &User) -> Value {
    let mut logins = Vec::new();
    for identity in &user.identities {
        logins.extend(state.traces.of(&identity.as_user_id()).rev());
    }
    logins.sort_by_key(|login| std::cmp::Reverse(login.at));
    json!({ "user_id": user.user_id, "generated": generated::explain(user), "logins": logins })
}
