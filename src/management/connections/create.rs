//! `POST /connections`. Source: spec/management-api.md §9, recorded answers.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::connection::Connection;
use crate::domain::connection::defaults;
use crate::domain::strategy::Kind;
use crate::domain::strategy::Strategy;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::http::outgoing::Outgoing;
use crate::management::body::Body;
use crate::management::chosen_id::ChosenId;
use crate::management::connections;
use crate::management::connections::shape;
use crate::management::connections::view;
use crate::management::error::ApiError;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// `POST /connections`: 201 with the connection, complete.
///
/// People can sign in with it at once where its strategy is built: an embedded fake takes its connection's own client.
pub(super) async fn create(
    tenant: Tenant,
    address: Address,
    outgoing: Outgoing,
    chosen: ChosenId,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let mut settings = body.check(&shape::CONNECTION, Call::Create)?.0;
    let name = settings.get("strategy").and_then(Value::as_str).unwrap_or_default();
    let strategy = Strategy::of(name).ok_or_else(|| ApiError::NotBuilt(format!("a connection of {name}")))?;
    defaults::complete(&mut settings, strategy);
    if let Some(Value::Object(options)) = settings.get_mut("options") {
        connections::import(strategy, options, &outgoing).await?;
    }
    if let Some(Value::Object(metadata)) = settings.get_mut("metadata") {
        metadata.retain(|_, value| !value.is_null());
    }
    let created = tenant.write(|tx| {
        let drawn = format!("con_{}", tx.rng().alphanumeric(16));
        let id = chosen.or_drawn(|id| tx.connections.contains(id), || drawn)?;
        settings.insert("id".to_owned(), id.into());
        if strategy.kind() == Kind::Enterprise && !matches!(strategy.as_str(), "oidc" | "okta") {
            let ticket = tx.rng().alphanumeric(32);
            let url = address.url(&format!("/p/{strategy}/{ticket}"));
            settings.insert("provisioning_ticket_url".to_owned(), url.into());
        }
        let connection: Connection = serde_json::from_value(Value::Object(settings))
            .map_err(|_| ApiError::Internal(Failure::new("read a checked connection")))?;
        connections::check(&connection)?;
        if tx.connection_named(&connection.name).is_some() {
            return Err(NAME_TAKEN);
        }
        tx.connections.put(connection.id.clone(), connection.clone());
        Ok(connection)
    });
    Ok((StatusCode::CREATED, Json(view::connection(&created.await?))))
}

const NAME_TAKEN: ApiError =
    ApiError::Conflict { message: "A connection with the same name already exists", code: Some("conflict") };
