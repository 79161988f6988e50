//! `/refresh-tokens`. Source: spec/management-api.md §5.2 and §14, spec/tokens.md §6.
//!
//! A refresh token is shown under the id of its family: one that rotates stays the same to an administrator.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::client::Client;
use crate::domain::id::UserId;
use crate::domain::session::RefreshToken;
use crate::domain::tokens::refresh;
use crate::management::clients::NO_SUCH_CLIENT;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::operations::Operations;
use crate::management::paging::Page;
use crate::management::parameters::ApiPath;
use crate::management::parameters::Query;
use crate::management::users::NO_SUCH_USER;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::time::Timestamp;

pub(super) fn operations(operations: Operations) -> Operations {
    operations
        .get("/refresh-tokens", &["read:refresh_tokens"], list)
        .get("/refresh-tokens/{id}", &["read:refresh_tokens"], read)
        .delete("/refresh-tokens/{id}", &["delete:refresh_tokens"], remove)
}

/// The code is unverified.
const NO_SUCH_TOKEN: ApiError =
    ApiError::NotFound { message: "The refresh token does not exist.", code: Some("inexistent_refresh_token") };

/// `GET /refresh-tokens?user_id=`: those of a user, or of a user at a client; by checkpoint alone.
async fn list(tenant: Tenant, query: Query) -> Result<Json<Value>, ApiError> {
    let (page, fields) = (Page::by_checkpoint(&query, 100)?, Fields::of(&query)?);
    let user: UserId = query.text("user_id")?.ok_or(ApiError::MissingParameter("user_id"))?.into();
    let state = tenant.read();
    state.users.get(user.as_str()).ok_or(NO_SUCH_USER)?;
    let client = query.text("client_id")?;
    client.map_or(Ok(()), |id| state.client(id).map(drop).ok_or(NO_SUCH_CLIENT))?;
    let mut found = of_user(&state, &user, tenant.now());
    found.retain(|token| client.is_none_or(|id| token.grant.client_id.as_str() == id));
    let part = page.cut(found, |token| token.family.as_str());
    Ok(Json(page.answer("refresh_tokens", part, |token| fields.choose(view(&state, token)))))
}

/// `GET /refresh-tokens/{id}`
async fn read(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<Json<Map<String, Value>>, ApiError> {
    let state = tenant.read();
    let family = state.refresh_tokens.of_family(&id).map(|(_, token)| token);
    let token = family.filter(|token| is_good(&state, token, tenant.now())).max_by_key(|token| token.counter);
    Ok(Json(view(&state, token.ok_or(NO_SUCH_TOKEN)?)))
}

/// `DELETE /refresh-tokens/{id}`: 204 as recorded, also when there is none. All of its family are worth nothing.
async fn remove(tenant: Tenant, ApiPath((id,)): ApiPath<(String,)>) -> Result<StatusCode, ApiError> {
    let removed = tenant.write(|tx| {
        tx.refresh_tokens.remove_family(&id);
        Ok::<_, ApiError>(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The refresh tokens of a user that are good, one a family, in the order of their ids.
pub(super) fn of_user<'a>(state: &'a TenantState, user: &UserId, now: Timestamp) -> Vec<&'a Arc<RefreshToken>> {
    let of_user = state.refresh_tokens.rows().filter(|token| token.grant.user_id == *user);
    let mut newest: BTreeMap<&str, &Arc<RefreshToken>> = BTreeMap::new();
    for token in of_user.filter(|token| is_good(state, token, now)) {
        let known = newest.entry(&token.family).or_insert(token);
        if known.counter < token.counter {
            *known = token;
        }
    }
    newest.into_values().collect()
}

/// Whether it could be exchanged, were it not used up.
fn is_good(state: &TenantState, token: &RefreshToken, now: Timestamp) -> bool {
    let client = state.client(token.grant.client_id.as_str());
    let ends = |client: &Client| {
        [refresh::expires_at(token, &client.refresh_token), refresh::idle_expires_at(token, &client.refresh_token)]
    };
    client.is_some_and(|client| ends(client).into_iter().flatten().all(|end| now < end))
}

/// A refresh token as this API shows it.
pub(super) fn view(state: &TenantState, token: &RefreshToken) -> Map<String, Value> {
    let client = state.client(token.grant.client_id.as_str());
    let settings = client.map(|client| &client.refresh_token);
    let audiences = token.grant.audience.iter();
    let servers: Vec<_> =
        audiences.map(|audience| json!({ "audience": audience, "scopes": token.grant.scope.join(" ") })).collect();
    let members = [
        ("id", json!(token.family)),
        ("user_id", json!(token.grant.user_id)),
        ("created_at", json!(token.family_created_at)),
        ("idle_expires_at", json!(settings.and_then(|settings| refresh::idle_expires_at(token, settings)))),
        ("expires_at", json!(settings.and_then(|settings| refresh::expires_at(token, settings)))),
        ("client_id", json!(token.grant.client_id)),
        ("session_id", json!(token.grant.session_id)),
        ("rotating", json!(token.rotating)),
        ("resource_servers", json!(servers)),
        ("last_exchanged_at", json!((token.last_used_at != token.family_created_at).then_some(token.last_used_at))),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
