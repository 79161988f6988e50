//! The fixture's connections, by their names, and the clients that may use them.

use serde_json::Value;
use serde_json::json;

use crate::cli::seed::clients;
use crate::cli::seed::report::Outcome;
use crate::cli::seed::seeder::Seeder;
use crate::cli::seed::seeder::Thing;
use crate::cli::seed::seeder::settings;
use crate::cli::seed::seeder::text;
use crate::client::error::ClientError;
use crate::domain::connection::Connection;
use crate::fixtures::Loaded;

pub(super) const KIND: &str = "connection";

/// What a change doesn't take, or takes by a call of its own.
const FIXED: &[&str] = &["name", "strategy", "enabled_clients"];

pub(super) async fn bring(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    let there = seeder.all("connections").await?;
    for connection in fixture.state.connections.rows() {
        let found = there.iter().find(|other| text(other, "name") == connection.name);
        let enabled: Vec<_> =
            connection.enabled_clients.iter().filter_map(|id| seeder.id_of(clients::KIND, id.as_str())).collect();
        let mut wanted = settings(&**connection, &["id", "provisioning_ticket_url"]);
        wanted.insert("enabled_clients".to_owned(), json!(enabled));
        let thing = Thing {
            kind: KIND,
            name: &connection.name,
            own_id: connection.id.as_str(),
            path: "connections",
            id_key: "id",
            found,
            wanted,
            fixed: FIXED,
        };
        seeder.bring(thing).await?;
        if let Some(found) = found {
            enable(seeder, connection, found, &enabled).await?;
        }
        if connection.connector.is_some() {
            let why = "its connector can't be said over the API: serve the fixture";
            seeder.report.add("connector", &connection.name, Outcome::Skipped(why.to_owned()));
        }
        if connection.upstream_url.is_some() {
            let why =
                "where its upstream is can't be said over the API: serve the fixture, or give its addresses in options";
            seeder.report.add(KIND, &connection.name, Outcome::Skipped(why.to_owned()));
        }
    }
    Ok(())
}

/// Lets the fixture's clients use a connection that was there already.
async fn enable(
    seeder: &mut Seeder,
    connection: &Connection,
    found: &Value,
    enabled: &[String],
) -> Result<(), ClientError> {
    let there = found.get("enabled_clients").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let missing = enabled.iter().filter(|id| !there.contains(&Value::from(id.as_str())));
    let missing: Vec<_> = missing.map(|id| json!({ "client_id": id, "status": true })).collect();
    // The API takes fifty at a time.
    for some in missing.chunks(50) {
        let call: (&str, &[&str]) = ("PATCH", &["connections", text(found, "id"), "clients"]);
        seeder.change((KIND, &connection.name), "enabled_clients", call, &json!(some)).await?;
    }
    Ok(())
}
