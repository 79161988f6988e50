//! `/tenants/settings`. Source: spec/management-api.md §14, spec/tokens.md §13.

mod update;

use axum::Json;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::tenant::TenantSettings;
use crate::management::error::ApiError;
use crate::management::fields::Fields;
use crate::management::operations::Operations;
use crate::management::parameters::Query;
use crate::store::tenant::Tenant;

/// Flags that every tenant shows, as recorded.
const FLAGS: &[(&str, bool)] = &[
    ("allow_changing_enable_sso", false),
    ("disable_clickjack_protection_headers", false),
    ("disable_impersonation", true),
    ("enable_sso", true),
    ("revoke_refresh_token_grant", false),
    ("universal_login", true),
];

pub(super) fn operations(operations: Operations) -> Operations {
    operations.get("/tenants/settings", &["read:tenant_settings"], read).patch(
        "/tenants/settings",
        &["update:tenant_settings"],
        update::update,
    )
}

/// `GET /tenants/settings`
async fn read(tenant: Tenant, query: Query) -> Result<Json<Map<String, Value>>, ApiError> {
    let fields = Fields::of(&query)?;
    Ok(Json(fields.choose(view(&tenant.read().settings))))
}

/// The settings, with what every tenant shows though nobody set it.
fn view(settings: &TenantSettings) -> Map<String, Value> {
    let Ok(Value::Object(mut view)) = serde_json::to_value(settings) else { return Map::new() };
    let defaults = [
        ("enabled_locales", json!(["en"])),
        ("sandbox_version", json!("22")),
        ("sandbox_versions_available", json!(["22", "18", "12"])),
    ];
    for (name, value) in defaults {
        view.entry(name).or_insert(value);
    }
    if let Some(Value::Object(flags)) = view.get_mut("flags") {
        for (name, value) in FLAGS {
            flags.entry(*name).or_insert((*value).into());
        }
    }
    view
}
