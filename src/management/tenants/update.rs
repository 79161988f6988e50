//! `PATCH /tenants/settings`. Source: reference of the Management API, recorded answers.

use std::sync::Arc;

use axum::Json;
use serde_json::Map;
use serde_json::Value;
use url::Url;

use crate::domain::tenant::TenantSettings;
use crate::domain::url_rules;
use crate::http::failure::Failure;
use crate::management::asked::Asked;
use crate::management::body::Body;
use crate::management::error::ApiError;
use crate::management::schema::Call;
use crate::management::schema::Property;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind;
use crate::management::schema::property;
use crate::management::tenants::view;
use crate::store::tenant::Tenant;

const ADDRESS: Kind = Kind::Format("url-with-placeholders", |url| url_rules::check_url_to_save(url).is_ok());
const URI: Kind = Kind::Format("absolute-uri-or-empty", |uri| uri.is_empty() || Url::parse(uri).is_ok());
const REDIRECTION: Kind = Kind::Format("absolute-https-uri-or-empty", |uri| {
    uri.is_empty() || uri.starts_with("https://") && Url::parse(uri).is_ok()
});
const EMAIL: Kind = Kind::Format("email-or-empty", |email| email.is_empty() || email.contains('@'));
const ANY: Kind = Kind::Text(0, usize::MAX);
const LIFETIME: Kind = Kind::Integer(1, i64::MAX);

const SETTINGS: Shape = Shape::closed(
    &[],
    &[
        property("acr_values_supported", Kind::List(0, &ANY)).or_null(),
        property("allow_organization_name_in_authentication_api", Kind::Boolean).or_null(),
        property("allowed_logout_urls", Kind::List(0, &ADDRESS)),
        property("authorization_response_iss_parameter_supported", Kind::Boolean).or_null(),
        property("change_password", Kind::Free).or_null(),
        property("client_id_metadata_document_supported", Kind::Boolean),
        property("country_codes", Kind::Free).or_null(),
        property("customize_mfa_in_postlogin_action", Kind::Boolean).or_null(),
        property("default_audience", ANY),
        property("default_directory", ANY),
        property("default_redirection_uri", REDIRECTION),
        property("default_token_quota", Kind::Free).or_null(),
        property("device_flow", Kind::Free).or_null(),
        property("dynamic_client_registration_security_mode", Kind::OneOf(&["strict", "permissive"])),
        property("enable_ai_guide", Kind::Boolean),
        property("enabled_locales", Kind::List(1, &Kind::Text(1, 16))),
        property("ephemeral_session_lifetime", LIFETIME),
        property("ephemeral_session_lifetime_in_minutes", LIFETIME),
        property("error_page", Kind::Free).or_null(),
        FLAGS,
        property("friendly_name", ANY),
        property("guardian_mfa_page", Kind::Free).or_null(),
        property("idle_ephemeral_session_lifetime", LIFETIME),
        property("idle_ephemeral_session_lifetime_in_minutes", LIFETIME),
        property("idle_session_lifetime", LIFETIME),
        property("idle_session_lifetime_in_minutes", LIFETIME),
        property("include_session_metadata_in_tenant_logs", Kind::Boolean),
        property("legacy_sandbox_version", Kind::Text(0, 8)),
        property("mtls", Kind::Free).or_null(),
        property("oidc_logout", Kind::Free),
        property("phone_consolidated_experience", Kind::Boolean),
        property("picture_url", URI),
        property("pushed_authorization_requests_supported", Kind::Boolean).or_null(),
        property("resource_parameter_profile", Kind::OneOf(&["audience", "compatibility"])),
        property("sandbox_version", Kind::Text(0, 8)),
        property("security_headers", Kind::Free).or_null(),
        property("session_cookie", Kind::Free).or_null(),
        property("session_lifetime", LIFETIME),
        property("session_lifetime_in_minutes", LIFETIME),
        property("sessions", Kind::Free).or_null(),
        property("skip_non_verifiable_callback_uri_confirmation_prompt", Kind::Boolean).or_null(),
        property("support_email", EMAIL),
        property("support_url", URI),
    ],
)
.not_empty();

const FLAGS: Property = property("flags", Kind::Free);

/// Lifetimes that can be given in minutes, beside their names in hours.
const IN_MINUTES: &[(&str, &str)] = &[
    ("session_lifetime_in_minutes", "session_lifetime"),
    ("idle_session_lifetime_in_minutes", "idle_session_lifetime"),
];

/// `PATCH /tenants/settings`: 200 with all settings. Flags are changed one by one, everything else whole; `null` unsets.
pub(super) async fn update(tenant: Tenant, asked: Asked, body: Body) -> Result<Json<Map<String, Value>>, ApiError> {
    let mut change = body.check(&SETTINGS, Call::Update)?.0;
    for (minutes, hours) in IN_MINUTES {
        if let Some(lifetime) = change.shift_remove(*minutes).and_then(|lifetime| lifetime.as_f64()) {
            change.entry(*hours).or_insert_with(|| (lifetime / 60.0).into());
        }
    }
    let updated = tenant.write(|tx| {
        if let Some(name) = change.get("default_directory").and_then(Value::as_str).filter(|name| !name.is_empty())
            && !tx.connection_named(name).is_some_and(|connection| connection.strategy.is_database())
        {
            // The text is unverified.
            return Err(ApiError::refused("invalid_body", format!("The connection {name} does not exist")));
        }
        let Ok(Value::Object(mut settings)) = serde_json::to_value(&*tx.settings) else {
            return Err(ApiError::Internal(Failure::new("write the settings of a tenant")));
        };
        for (name, value) in change {
            lay(&mut settings, name, value);
        }
        let settings: TenantSettings = serde_json::from_value(Value::Object(settings))
            .map_err(|_| ApiError::Internal(Failure::new("read checked settings")))?;
        tx.settings = Arc::new(settings.clone());
        tx.log(asked.success("Update tenant settings", tx.now));
        Ok(settings)
    });
    Ok(Json(view(&updated.await?)))
}

fn lay(settings: &mut Map<String, Value>, name: String, value: Value) {
    match (settings.get_mut(&name), value) {
        (_, Value::Null) => drop(settings.shift_remove(&name)),
        (Some(Value::Object(flags)), Value::Object(changed)) if name == "flags" => flags.extend(changed),
        (_, value) => drop(settings.insert(name, value)),
    }
}
