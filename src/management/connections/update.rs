//! `PATCH /connections/{id}`. Source: spec/management-api.md §9, spec/caching.md §2.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::connection::defaults;
use crate::http::failure::Failure;
use crate::http::outgoing::Outgoing;
use crate::management::body::Body;
use crate::management::connections;
use crate::management::connections::NO_SUCH_CONNECTION;
use crate::management::connections::shape;
use crate::management::connections::view;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// `PATCH /connections/{id}`: 200 with the connection. `options` are replaced as a whole: what the body leaves out of
/// them is gone. Logins that begin later go by the new ones.
pub(super) async fn update(
    tenant: Tenant,
    outgoing: Outgoing,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let mut change = body.check(&shape::CONNECTION, Call::Update)?.0;
    if let Some(Value::Object(options)) = change.get_mut("options") {
        let strategy = tenant.read().connections.get(id.as_str()).ok_or(NO_SUCH_CONNECTION)?.strategy;
        connections::import(strategy, options, &outgoing).await?;
    }
    let updated = tenant.write(|tx| {
        let before = tx.connections.get(id.as_str()).ok_or(NO_SUCH_CONNECTION)?;
        let connection = changed(before, change)?;
        connections::check(&connection)?;
        check_users(tx, before, &connection)?;
        tx.connections.put(connection.id.clone(), connection.clone());
        Ok::<_, ApiError>(connection)
    });
    Ok(Json(view::connection(&updated.await?)))
}

/// The connection with the change made.
fn changed(connection: &Connection, change: Map<String, Value>) -> Result<Connection, ApiError> {
    let failure = || ApiError::Internal(Failure::new("read a checked connection"));
    let Ok(Value::Object(mut settings)) = serde_json::to_value(connection) else { return Err(failure()) };
    for (name, value) in change {
        match (name.as_str(), value) {
            // What `null` does to these is not documented: here it changes nothing of them (unverified).
            ("options" | "enabled_clients", Value::Null) => {}
            ("cross_app_access_resource_app", Value::Null) => {
                settings.remove(&name);
            }
            ("options", Value::Object(mut options)) => {
                defaults::complete_options(&mut options, connection.strategy);
                settings.insert(name, options.into());
            }
            // `null` is taken for one of them, so they are merged, as those of a client are (unverified).
            ("metadata", Value::Object(labels)) => {
                let kept = settings.entry(name).or_insert_with(|| Map::new().into());
                if let Value::Object(kept) = kept {
                    kept.extend(labels);
                    kept.retain(|_, value| !value.is_null());
                }
            }
            (_, value) => {
                settings.insert(name, value);
            }
        }
    }
    let changed: Connection = serde_json::from_value(Value::Object(settings)).map_err(|_| failure())?;
    let (upstream_url, connector) = (connection.upstream_url.clone(), connection.connector.clone());
    Ok(Connection { upstream_url, connector, ..changed })
}

/// A database that has users stays with whoever keeps them.
fn check_users(state: &TenantState, before: &Connection, after: &Connection) -> Result<(), ApiError> {
    let is_custom = |connection: &Connection| connection.flag_option("enabledDatabaseCustomization");
    let is_of = |name: &str| name == before.name;
    if is_custom(before) != is_custom(after)
        && before.strategy.is_database()
        && state.users.in_order().any(|user| user.identities.iter().any(|identity| is_of(&identity.connection)))
    {
        let message =
            "This database contains users. You cannot change \"options.enabledDatabaseCustomization\" setting.";
        return Err(ApiError::refused("invalid_body", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed_view(change: Value) -> Value {
        let connection = json!({
            "id": "con_1", "name": "c", "strategy": "facebook",
            "options": { "client_id": "a", "email": true, "scope": "email" }, "metadata": { "a": "1", "b": "2" },
        });
        let mut connection: Connection = serde_json::from_value(connection).unwrap();
        connection.upstream_url = Some("https://graph.example".to_owned());
        let changed = changed(&connection, change.as_object().cloned().unwrap()).unwrap();
        assert_eq!(changed.upstream_url, connection.upstream_url);
        Value::Object(view::connection(&changed))
    }

    #[test]
    fn options_are_replaced_as_a_whole() {
        let view = changed_view(json!({ "options": { "set_user_root_attributes": "on_first_login" } }));
        assert_eq!(view["options"], json!({ "set_user_root_attributes": "on_first_login", "scope": "" }));
        assert_eq!(changed_view(json!({ "options": null }))["options"]["client_id"], "a");
        assert_eq!(changed_view(json!({ "show_as_button": true }))["options"]["client_id"], "a");
    }

    #[test]
    fn metadata_is_merged() {
        let view = changed_view(json!({ "metadata": { "a": null, "c": "3" } }));
        assert_eq!(view["metadata"], json!({ "b": "2", "c": "3" }));
    }
}
