//! Tenants of this server: listed, forked, deleted.

use std::time::Duration;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::http::address::Address;
use crate::server::forks::ForkError;
use crate::server::forks::Plan;
use crate::server::service::Service;
use crate::server::site::let_go;
use crate::server::sites::Seat;
use crate::time::parse_duration;

/// What a fork is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForkRequest {
    /// The tenant to fork; the one asked, if not given.
    from: Option<String>,
    /// Made up if not given.
    name: Option<String>,
    /// Whether it gets a port of its own, on IPv4 loopback; else it is reached by its host name.
    #[serde(default = "yes")]
    port: bool,
    /// Whether its directory speaks LDAP, on ports of its own.
    #[serde(default)]
    ldap: bool,
    /// The id or name of a snapshot of the tenant to fork: the fork begins as that is, its clock included.
    snapshot: Option<String>,
    /// How long nobody may ask it before it is removed, in ISO 8601: `PT10M`, or `never`; as the server is told, if not
    /// given.
    idle: Option<String>,
}

/// A tenant and where it is.
#[derive(Serialize, ToSchema)]
pub(super) struct TenantView {
    name: String,
    /// With the trailing slash.
    issuer: String,
    /// What SDKs take as their domain.
    domain: String,
    /// The name that it answers to at the server's own port.
    host: String,
    port: Option<u16>,
    /// The port where its directory speaks LDAP, and TLS after StartTLS.
    ldap: Option<u16>,
    /// The port where its directory speaks LDAP over TLS.
    ldaps: Option<u16>,
    /// For how many seconds nobody has asked it.
    idle_seconds: f64,
}

/// All tenants, in the order of their names.
#[derive(Serialize, ToSchema)]
pub(super) struct TenantList {
    tenants: Vec<TenantView>,
}

fn yes() -> bool {
    true
}

/// The tenants of this server.
#[utoipa::path(get, path = "/tenants", tag = "tenants", responses((status = 200, description = "In the order of their names", body = TenantList), ControlError))]
pub(super) async fn list(service: Service, address: Address) -> Json<TenantList> {
    let tenants = service.sites().all().iter().map(|seat| view(&service, seat, &address)).collect();
    Json(TenantList { tenants })
}

/// One tenant.
#[utoipa::path(get, path = "/tenants/{name}", tag = "tenants", params(("name" = String, Path, description = "The tenant's name")), responses((status = 200, description = "The tenant", body = TenantView), ControlError))]
pub(super) async fn read(
    service: Service,
    address: Address,
    Path(name): Path<String>,
) -> Result<Json<TenantView>, ControlError> {
    let seat = service.sites().named(&name).ok_or(ControlError::NotFound { what: "tenant", name })?;
    Ok(Json(view(&service, &seat, &address)))
}

/// Forks a tenant, by default the one asked, with a port of its own.
#[utoipa::path(post, path = "/tenants", tag = "tenants", request_body = ForkRequest, responses((status = 201, description = "The fork", body = TenantView), ControlError))]
pub(super) async fn create(
    service: Service,
    site: crate::server::site::Site,
    address: Address,
    Body(request): Body<ForkRequest>,
) -> Result<(StatusCode, Json<TenantView>), ControlError> {
    let from = match request.from {
        None => site,
        Some(name) => match service.sites().named(&name) {
            Some(seat) => seat.site,
            None => return Err(ControlError::NotFound { what: "tenant", name }),
        },
    };
    let moment = match request.snapshot {
        None => None,
        Some(name) => match from.snapshots.get(&name) {
            Some(snapshot) => Some(snapshot.moment),
            None => return Err(ControlError::NotFound { what: "snapshot", name }),
        },
    };
    let idle = request.idle.as_deref().map(|text| {
        let wrong = "\"idle\" must be an ISO 8601 duration, such as PT10M, or never";
        let given = if text == "never" { Some(Duration::MAX) } else { parse_duration(text) };
        given.ok_or_else(|| ControlError::Invalid(wrong.to_owned()))
    });
    let plan = Plan { name: request.name, port: request.port, ldap: request.ldap, moment, idle: idle.transpose()? };
    let seat = service.fork(&from, plan).await?;
    Ok((StatusCode::CREATED, Json(view(&service, &seat, &address))))
}

/// Removes a fork; it is no mistake if it is gone already. The default tenant stays.
#[utoipa::path(delete, path = "/tenants/{name}", tag = "tenants", params(("name" = String, Path, description = "The tenant's name")), responses((status = 204, description = "Gone"), ControlError))]
pub(super) async fn delete(service: Service, Path(name): Path<String>) -> Result<StatusCode, ControlError> {
    if name == service.sites().default_site().tenant.name() {
        return Err(ControlError::Conflict("the default tenant can't be deleted; reset it instead".to_owned()));
    }
    if let Some(removed) = service.sites().remove(&name) {
        let_go(removed);
    }
    Ok(StatusCode::NO_CONTENT)
}

fn view(service: &Service, seat: &Seat, asked: &Address) -> TenantView {
    let name = seat.site.tenant.name();
    let own = service.address_of(seat, asked);
    TenantView {
        name: name.to_owned(),
        issuer: own.issuer(),
        domain: own.authority().to_owned(),
        host: format!("{name}.localhost"),
        port: seat.port.as_ref().map(|own| own.port),
        ldap: seat.ldap.as_ref().and_then(|ports| ports.ldap()),
        ldaps: seat.ldap.as_ref().and_then(|ports| ports.ldaps()),
        idle_seconds: seat.site.usage.idle().as_secs_f64(),
    }
}

impl From<ForkError> for ControlError {
    fn from(error: ForkError) -> Self {
        match error {
            ForkError::NameTaken(name) => Self::NameTaken(name),
            ForkError::BadName => Self::Invalid(error.to_string()),
            ForkError::NoPort(cause) => Self::NoPort(cause),
        }
    }
}
