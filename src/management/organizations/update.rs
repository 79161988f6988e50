//! `PATCH /organizations/{id}`.

use axum::Json;
use serde_json::Map;
use serde_json::Value;

use crate::domain::organization::Organization;
use crate::http::failure::Failure;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::organizations::NAME_TAKEN;
use crate::management::organizations::NO_SUCH_ORGANIZATION;
use crate::management::organizations::shape;
use crate::management::organizations::view;
use crate::management::parameters::ApiPath;
use crate::management::schema::Call;
use crate::store::tenant::Tenant;

/// `PATCH /organizations/{id}`: 200 with the organization. What is given is replaced, metadata as a whole.
pub(super) async fn update(
    tenant: Tenant,
    ApiPath((id,)): ApiPath<(String,)>,
    body: Body,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let change = body.check(&shape::ORGANIZATION, Call::Update)?.0;
    let updated = tenant.write(|tx| {
        let before = tx.organizations.get(id.as_str()).ok_or(NO_SUCH_ORGANIZATION)?;
        let organization = changed(before, change)?;
        if tx.organization_named(&organization.name).is_some_and(|other| other.id != organization.id) {
            return Err(NAME_TAKEN);
        }
        tx.organizations.put(organization.id.clone(), organization.clone());
        Ok(organization)
    });
    Ok(Json(view::organization(&updated.await?)))
}

fn changed(organization: &Organization, change: Map<String, Value>) -> Result<Organization, ApiError> {
    let failure = || ApiError::Internal(Failure::new("read a checked organization"));
    let Ok(Value::Object(mut settings)) = serde_json::to_value(organization) else { return Err(failure()) };
    settings.extend(change);
    settings.retain(|_, value| !value.is_null());
    if let Some(Value::Object(metadata)) = settings.get_mut("metadata") {
        metadata.retain(|_, value| !value.is_null());
    }
    let changed: Organization = serde_json::from_value(Value::Object(settings)).map_err(|_| failure())?;
    Ok(Organization { connections: organization.connections.clone(), ..changed })
}
