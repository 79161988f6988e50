//! `POST /organizations`.

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::domain::organization::Organization;
use crate::http::failure::Failure;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::chosen_id::ChosenId;
use crate::management::error::ApiError;
use crate::management::organizations::NAME_TAKEN;
use crate::management::organizations::enabled_connections;
use crate::management::organizations::shape;
use crate::management::organizations::view;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// `POST /organizations`: 201 with the organization.
pub(super) async fn create(
    tenant: Tenant,
    chosen: ChosenId,
    body: Body,
) -> Result<(StatusCode, Json<Map<String, Value>>), ApiError> {
    let mut settings = body.check(&shape::ORGANIZATION, Call::Create)?.0;
    let enabled = match settings.remove("enabled_connections") {
        Some(Value::Array(enabled)) => enabled,
        _ => Vec::new(),
    };
    let name = settings.get("name").cloned().unwrap_or_default();
    settings.entry("display_name").or_insert(name);
    settings.entry("is_app_entitlement_active").or_insert(false.into());
    settings.entry("third_party_client_access").or_insert_with(|| "block".into());
    if let Some(Value::Object(metadata)) = settings.get_mut("metadata") {
        metadata.retain(|_, value| !value.is_null());
    }
    let created = tenant.write(|tx| {
        let drawn = format!("org_{}", tx.rng().alphanumeric(16));
        let id = chosen.or_drawn(|id| tx.organizations.contains(id), || drawn)?;
        settings.insert("id".to_owned(), id.into());
        let mut organization: Organization = serde_json::from_value(Value::Object(settings))
            .map_err(|_| ApiError::Internal(Failure::new("read a checked organization")))?;
        if tx.organization_named(&organization.name).is_some() {
            return Err(NAME_TAKEN);
        }
        for item in enabled {
            let enabled = enabled_connections::enabled_by(tx, &Checked(item.as_object().cloned().unwrap_or_default()))?;
            organization.connections.push(enabled);
        }
        tx.organizations.put(organization.id.clone(), organization.clone());
        Ok(organization)
    });
    Ok((StatusCode::CREATED, Json(view::organization(&created.await?))))
}
