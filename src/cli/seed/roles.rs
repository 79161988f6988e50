//! The fixture's roles, by their names, and what they permit.

use serde_json::Value;
use serde_json::json;

use crate::cli::seed::apis;
use crate::cli::seed::seeder::Seeder;
use crate::cli::seed::seeder::Thing;
use crate::cli::seed::seeder::settings;
use crate::cli::seed::seeder::text;
use crate::client::error::ClientError;
use crate::domain::role::Right;
use crate::fixtures::Loaded;

pub(super) const KIND: &str = "role";

pub(super) async fn bring(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    let there = seeder.all("roles").await?;
    for role in fixture.state.roles.rows() {
        let found = there.iter().find(|other| text(other, "name") == role.name);
        let thing = Thing {
            kind: KIND,
            name: &role.name,
            own_id: role.id.as_str(),
            path: "roles",
            id_key: "id",
            found,
            wanted: settings(&**role, &["id"]),
            fixed: &[],
        };
        seeder.bring(thing).await?;
        let Some(id) = seeder.id_of(KIND, role.id.as_str()) else { continue };
        let held =
            if seeder.is_there(found) { seeder.all(&format!("roles/{id}/permissions")).await? } else { Vec::new() };
        allow(seeder, (KIND, &role.name), &["roles", &id, "permissions"], (role.permissions.iter(), &held)).await?;
    }
    Ok(())
}

/// Adds the permissions that are missing, of a role or of a user's own.
pub(super) async fn allow<'a>(
    seeder: &mut Seeder,
    of: (&'static str, &str),
    path: &[&str],
    (wanted, held): (impl Iterator<Item = &'a Right>, &[Value]),
) -> Result<(), ClientError> {
    let mut missing = Vec::new();
    for right in wanted {
        let api = apis::at_target(seeder, &right.api);
        let is_it = |other: &Value| {
            text(other, "permission_name") == right.name && text(other, "resource_server_identifier") == api
        };
        if !held.iter().any(is_it) {
            missing.push(json!({ "permission_name": right.name, "resource_server_identifier": api }));
        }
    }
    if !missing.is_empty() {
        seeder.change(of, "permissions", ("POST", path), &json!({ "permissions": missing })).await?;
    }
    Ok(())
}
