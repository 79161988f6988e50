//! The fixture's clients, by their `client_id` or else their name.

use serde_json::json;

use crate::cli::seed::report::Outcome;
use crate::cli::seed::seeder::Seeder;
use crate::cli::seed::seeder::Thing;
use crate::cli::seed::seeder::settings;
use crate::cli::seed::seeder::text;
use crate::client::error::ClientError;
use crate::fixtures::Loaded;

pub(super) const KIND: &str = "client";

/// What no call takes.
const OWN: &[&str] =
    &["client_id", "client_secret", "tenant", "global", "signing_keys", "owners", "callback_url_template"];

pub(super) async fn bring(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    let there = seeder.all("clients?is_global=false").await?;
    for client in fixture.state.clients.rows().filter(|client| !client.global) {
        let id = client.client_id.as_str();
        let by_id = there.iter().find(|other| text(other, "client_id") == id);
        let found = by_id.or_else(|| there.iter().find(|other| text(other, "name") == client.name));
        let name = format!("{} ({id})", client.name);
        let thing = Thing {
            kind: KIND,
            name: &name,
            own_id: id,
            path: "clients",
            id_key: "client_id",
            found,
            wanted: settings(&**client, OWN),
            fixed: &["resource_server_identifier"],
        };
        let Some(brought) = seeder.bring(thing).await? else { continue };
        let its_id = text(&brought, "client_id").to_owned();
        if its_id != id {
            let told = format!("it has the client_id {its_id} here, and {id} in the fixture");
            seeder.report.add(KIND, &name, Outcome::Skipped(told));
        }
        if let Some(secret) =
            client.client_secret.as_deref().filter(|secret| text(&brought, "client_secret") != *secret)
        {
            let call: (&str, &[&str]) = ("PATCH", &["clients", &its_id]);
            seeder.change((KIND, &name), "client_secret", call, &json!({ "client_secret": secret })).await?;
        }
    }
    Ok(())
}
