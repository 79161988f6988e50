//! The tenant as the files of a fixture. Source: design page, section 7.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::fixtures::export;
use crate::harness::control::error::ControlError;
use crate::server::site::Site;

/// A tenant as a fixture.
#[derive(Serialize, ToSchema)]
pub(super) struct FixtureView {
    /// The tenant's name.
    name: String,
    files: Vec<FileView>,
    /// What a fixture can't say, for a person to read. What only passes (sessions, codes, tokens, logs, mails) is never
    /// part of one, and not told here.
    left_out: Vec<String>,
}

/// A file of a fixture.
#[derive(Serialize, ToSchema)]
struct FileView {
    /// Where it belongs in the fixture's folder, with slashes: `upstreams/google.yaml`.
    path: String,
    content: String,
}

/// The tenant asked, as it is now, in the files of a fixture that loads to the same tenant: its secrets and the people at
/// the fakes included.
#[utoipa::path(get, path = "/fixture", tag = "tenants", responses((status = 200, description = "The fixture", body = FixtureView), ControlError))]
pub(super) async fn read(site: Site) -> Json<FixtureView> {
    let name = site.tenant.name().to_owned();
    let written = export::export(&name, &site.tenant.read(), &site.upstreams.read());
    let file = |file: export::File| FileView { path: file.path, content: file.content };
    Json(FixtureView { name, files: written.files.into_iter().map(file).collect(), left_out: written.left_out })
}
