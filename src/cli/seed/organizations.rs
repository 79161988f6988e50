//! The fixture's organizations, by their names, and the connections that their members sign in with.

use serde_json::Value;
use serde_json::json;

use crate::cli::seed::connections;
use crate::cli::seed::difference::is_within;
use crate::cli::seed::seeder::Seeder;
use crate::cli::seed::seeder::Thing;
use crate::cli::seed::seeder::settings;
use crate::cli::seed::seeder::text;
use crate::client::error::ClientError;
use crate::domain::organization::Organization;
use crate::fixtures::Loaded;

pub(super) const KIND: &str = "organization";

pub(super) async fn bring(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    let there = seeder.all("organizations").await?;
    for organization in fixture.state.organizations.rows() {
        let found = there.iter().find(|other| text(other, "name") == organization.name);
        let thing = Thing {
            kind: KIND,
            name: &organization.name,
            own_id: organization.id.as_str(),
            path: "organizations",
            id_key: "id",
            found,
            wanted: settings(&**organization, &["id"]),
            fixed: &[],
        };
        seeder.bring(thing).await?;
        let Some(id) = seeder.id_of(KIND, organization.id.as_str()) else { continue };
        let enabled = format!("organizations/{id}/enabled_connections");
        let enabled = if seeder.is_there(found) { seeder.all(&enabled).await? } else { Vec::new() };
        enable(seeder, organization, &id, &enabled).await?;
    }
    Ok(())
}

async fn enable(
    seeder: &mut Seeder,
    organization: &Organization,
    id: &str,
    there: &[Value],
) -> Result<(), ClientError> {
    for wanted in &organization.connections {
        let Some(connection) = seeder.id_of(connections::KIND, wanted.connection_id.as_str()) else { continue };
        let settings = json!({
            "assign_membership_on_login": wanted.assign_membership_on_login,
            "is_signup_enabled": wanted.is_signup_enabled,
            "show_as_button": wanted.show_as_button,
        });
        let path = ["organizations", id, "enabled_connections", &connection];
        let of = (KIND, organization.name.as_str());
        match there.iter().find(|other| text(other, "connection_id") == connection) {
            Some(found) if is_within(&settings, Some(found)) => {}
            Some(_) => {
                seeder.change(of, "connections", ("PATCH", &path), &settings).await?;
            }
            None => {
                let mut body = settings;
                if let Some(body) = body.as_object_mut() {
                    body.insert("connection_id".to_owned(), connection.clone().into());
                }
                let path = path.get(..3).unwrap_or_default();
                seeder.change(of, "connections", ("POST", path), &body).await?;
            }
        }
    }
    Ok(())
}
