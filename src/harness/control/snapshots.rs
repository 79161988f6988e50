//! Snapshots of a tenant: what it is now, to go back to later. Source: design page, sections 3 and 6.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::harness::control::error::Body;
use crate::harness::control::error::ControlError;
use crate::harness::control::error::Empty;
use crate::server::site::Site;
use crate::server::site::let_go;
use crate::server::snapshots::Snapshot;
use crate::server::snapshots::SnapshotError;
use crate::time::Setting;
use crate::time::Timestamp;

/// What the snapshot is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SnapshotRequest {
    /// 1 to 100 characters, by which it can be named instead of by its id.
    name: Option<String>,
}

/// A snapshot. It holds the whole state, people at the fakes included, and how the clock was set.
#[derive(Serialize, ToSchema)]
pub(super) struct SnapshotView {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// When it was made, by the tenant's clock, in ISO 8601.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whether the clock stood still. If it did, a restore stops it there again; else it sets it as far from the
    /// system's time as it was.
    frozen: bool,
}

/// All snapshots of the tenant.
#[derive(Serialize, ToSchema)]
pub(super) struct SnapshotList {
    /// Oldest first.
    snapshots: Vec<SnapshotView>,
}

/// Keeps what the tenant asked is now. It costs next to nothing, whatever the tenant's size; at most 100 are kept.
#[utoipa::path(post, path = "/snapshots", tag = "snapshots", request_body = SnapshotRequest, responses((status = 201, description = "The snapshot", body = SnapshotView), ControlError))]
pub(super) async fn create(
    site: Site,
    Body(request): Body<SnapshotRequest>,
) -> Result<(StatusCode, Json<SnapshotView>), ControlError> {
    let id = site.tenant.draw(|rng| format!("snap_{}", rng.alphanumeric(16)));
    let name = request.name.map(Into::into);
    let snapshot = Snapshot { id: id.into(), name, at: site.tenant.now(), moment: site.moment() };
    site.snapshots.add(snapshot.clone())?;
    Ok((StatusCode::CREATED, Json(snapshot.into())))
}

/// The snapshots of the tenant asked: a fork has its own.
#[utoipa::path(get, path = "/snapshots", tag = "snapshots", responses((status = 200, description = "Oldest first", body = SnapshotList), ControlError))]
pub(super) async fn list(site: Site) -> Json<SnapshotList> {
    Json(SnapshotList { snapshots: site.snapshots.all().into_iter().map(Into::into).collect() })
}

/// One snapshot, by its id or name.
#[utoipa::path(get, path = "/snapshots/{id}", tag = "snapshots", params(("id" = String, Path, description = "The snapshot's id or name")), responses((status = 200, description = "The snapshot", body = SnapshotView), ControlError))]
pub(super) async fn read(site: Site, Path(id): Path<String>) -> Result<Json<SnapshotView>, ControlError> {
    Ok(Json(find(&site, id)?.into()))
}

/// The tenant becomes what it was: users, sessions, tokens, mails, people at the fakes, the clock. What is drawn at
/// random goes on from where it is, so that no id, code or secret that was handed out since is handed out again.
#[utoipa::path(post, path = "/snapshots/{id}/restore", tag = "snapshots", params(("id" = String, Path, description = "The snapshot's id or name")), responses((status = 200, description = "What the tenant is now", body = SnapshotView), ControlError))]
pub(super) async fn restore(
    site: Site,
    Path(id): Path<String>,
    _: Body<Empty>,
) -> Result<Json<SnapshotView>, ControlError> {
    let snapshot = find(&site, id)?;
    let_go(site.go_to(&snapshot.moment));
    Ok(Json(snapshot.into()))
}

/// Forgets a snapshot; it is no mistake if it is gone already.
#[utoipa::path(delete, path = "/snapshots/{id}", tag = "snapshots", params(("id" = String, Path, description = "The snapshot's id or name")), responses((status = 204, description = "Gone"), ControlError))]
pub(super) async fn delete(site: Site, Path(id): Path<String>) -> StatusCode {
    let_go(site.snapshots.remove(&id));
    StatusCode::NO_CONTENT
}

/// # Errors
/// [`ControlError::NotFound`].
fn find(site: &Site, id: String) -> Result<Snapshot, ControlError> {
    site.snapshots.get(&id).ok_or(ControlError::NotFound { what: "snapshot", name: id })
}

impl From<Snapshot> for SnapshotView {
    fn from(snapshot: Snapshot) -> Self {
        Self {
            id: snapshot.id.to_string(),
            name: snapshot.name.map(|name| name.to_string()),
            at: snapshot.at,
            frozen: matches!(snapshot.moment.clock, Setting::Frozen(_)),
        }
    }
}

impl From<SnapshotError> for ControlError {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::BadName => Self::Invalid(error.to_string()),
            SnapshotError::NameTaken(_) | SnapshotError::TooMany => Self::Conflict(error.to_string()),
        }
    }
}
