//! Tenants of this server: listed, forked, deleted.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::http::address::Address;
use crate::http::failure::Failure;
use crate::server::forks::ForkError;
use crate::server::service::Service;
use crate::server::sites::Seat;

/// `POST /_impostor/tenants`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForkRequest {
    from: Option<String>,
    name: Option<String>,
    #[serde(default = "yes")]
    port: bool,
    #[serde(default)]
    ldap: bool,
}

fn yes() -> bool {
    true
}

/// `GET /_impostor/tenants` → `{"tenants": […]}` in the order of their names.
pub(super) async fn list(service: Service, address: Address) -> Json<Value> {
    let tenants: Vec<_> = service.sites().all().iter().map(|seat| view(&service, seat, &address)).collect();
    Json(json!({ "tenants": tenants }))
}

/// `GET /_impostor/tenants/NAME`.
pub(super) async fn read(
    service: Service,
    address: Address,
    Path(name): Path<String>,
) -> Result<Json<Value>, ControlError> {
    let seat = service.sites().named(&name).ok_or(ControlError::NotFound { what: "tenant", name })?;
    Ok(Json(view(&service, &seat, &address)))
}

/// `POST /_impostor/tenants {"from"?, "name"?, "port"?, "ldap"?}`: forks a tenant, by default the one asked, with a
/// port of its own. 201 `{"name", "issuer", "domain", "host", "port", "ldap"}`.
pub(super) async fn create(
    service: Service,
    site: crate::server::site::Site,
    address: Address,
    Body(request): Body<ForkRequest>,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    if request.ldap {
        return Err(ControlError::NotBuilt("a directory of a fork's own (\"ldap\": true)".to_owned()));
    }
    let from = match request.from {
        None => site,
        Some(name) => match service.sites().named(&name) {
            Some(seat) => seat.site,
            None => return Err(ControlError::NotFound { what: "tenant", name }),
        },
    };
    let seat = service.fork(&from, request.name.as_deref(), request.port).await?;
    Ok((StatusCode::CREATED, Json(view(&service, &seat, &address))))
}

/// `DELETE /_impostor/tenants/NAME`: 204, also when it is gone already; the default tenant stays.
pub(super) async fn delete(service: Service, Path(name): Path<String>) -> Result<StatusCode, ControlError> {
    if name == service.sites().default_site().tenant.name() {
        return Err(ControlError::Conflict("the default tenant can't be deleted; reset it instead".to_owned()));
    }
    if let Some(removed) = service.sites().remove(&name) {
        // Letting go of a large state takes seconds: not on a thread that answers requests.
        tokio::task::spawn_blocking(move || drop(removed));
    }
    Ok(StatusCode::NO_CONTENT)
}

fn view(service: &Service, seat: &Seat, asked: &Address) -> Value {
    let name = seat.site.tenant.name();
    let own = service.address_of(seat, asked);
    json!({
        "name": name,
        "issuer": own.issuer(),
        "domain": own.authority(),
        "host": format!("{name}.localhost"),
        "port": seat.port.as_ref().map(|own| own.port),
        "ldap": null,
    })
}

impl From<ForkError> for ControlError {
    fn from(error: ForkError) -> Self {
        match error {
            ForkError::NameTaken(name) => Self::NameTaken(name),
            ForkError::BadName => Self::Invalid(error.to_string()),
            ForkError::NoPort(cause) => Self::Internal(Failure::new(format!("open a port for a fork: {cause}"))),
        }
    }
}
