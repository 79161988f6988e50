//! The fixture's APIs (resource servers) and what clients are granted at them.

use serde_json::Value;

use crate::cli::seed::clients;
use crate::cli::seed::report::Outcome;
use crate::cli::seed::seeder::Seeder;
use crate::cli::seed::seeder::Thing;
use crate::cli::seed::seeder::settings;
use crate::cli::seed::seeder::text;
use crate::client::error::ClientError;
use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
use crate::fixtures::Loaded;

const KIND: &str = "API";
const GRANT: &str = "client grant";

pub(super) async fn bring(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    let there = seeder.all("resource-servers").await?;
    for api in fixture.state.resource_servers.rows().filter(|api| !api.is_system) {
        let thing = Thing {
            kind: KIND,
            name: &api.identifier,
            own_id: api.id.as_str(),
            path: "resource-servers",
            id_key: "id",
            found: there.iter().find(|other| text(other, "identifier") == api.identifier),
            wanted: settings(&**api, &["id", "is_system", "client_id"]),
            fixed: &["identifier"],
        };
        seeder.bring(thing).await?;
    }
    bring_grants(seeder, fixture).await
}

async fn bring_grants(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    let there = seeder.all("client-grants").await?;
    for grant in fixture.state.client_grants.rows() {
        let audience = at_target(seeder, &grant.audience);
        let name = format!("{} for {audience}", grant.client_id);
        let Some(client_id) = seeder.id_of(clients::KIND, grant.client_id.as_str()) else {
            let why = format!("the client {} is not there", grant.client_id);
            seeder.report.add(GRANT, &name, Outcome::Failed(why));
            continue;
        };
        let subject = grant.subject_type.as_deref().unwrap_or("client");
        let is_it = |other: &&Value| {
            let its_subject = other.get("subject_type").and_then(Value::as_str).unwrap_or("client");
            text(other, "client_id") == client_id && text(other, "audience") == audience && its_subject == subject
        };
        let mut wanted = settings(&**grant, &["id"]);
        wanted.insert("client_id".to_owned(), client_id.clone().into());
        wanted.insert("audience".to_owned(), audience.clone().into());
        if grant.allows_all_scopes() {
            // The scopes of the service's own APIs are named one by one.
            let is_system = grant.audience == MANAGEMENT_IDENTIFIER;
            wanted.shift_remove(if is_system { "allow_all_scopes" } else { "scope" });
        }
        let thing = Thing {
            kind: GRANT,
            name: &name,
            own_id: grant.id.as_str(),
            path: "client-grants",
            id_key: "id",
            found: there.iter().find(is_it),
            wanted,
            fixed: &["client_id", "audience", "subject_type"],
        };
        seeder.bring(thing).await?;
    }
    Ok(())
}

/// An API's identifier at the target: that of the Management API is the target's own.
pub(super) fn at_target(seeder: &Seeder, identifier: &str) -> String {
    if identifier == MANAGEMENT_IDENTIFIER { seeder.management_audience.clone() } else { identifier.to_owned() }
}
