//! The fixture's settings of the tenant.

use serde_json::Map;

use crate::cli::seed::difference::difference;
use crate::cli::seed::report::Outcome;
use crate::cli::seed::seeder::Seeder;
use crate::cli::seed::seeder::settings;
use crate::client::error::ClientError;
use crate::domain::tenant::OwnSettings;
use crate::fixtures::Loaded;

pub(super) async fn bring(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    let of = ("settings", "of the tenant");
    let found = seeder.management.read("tenants/settings").await?;
    let wanted = settings(&*fixture.state.settings, &["sandbox_versions_available"]);
    let change = difference(found.as_object().unwrap_or(&Map::new()), &wanted);
    if change.is_empty() {
        seeder.report.add(of.0, of.1, Outcome::Left);
    } else {
        let what = change.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        seeder.change(of, &what, ("PATCH", &["tenants", "settings"]), &change.into()).await?;
    }
    let usual = settings(&OwnSettings::default(), &[]);
    if settings(&*fixture.state.own, &[]) != usual || !fixture.state.domains.is_empty() {
        let why = "the section impostor can't be brought over the API: it counts where the fixture is served";
        seeder.report.add("settings", "of the server", Outcome::Skipped(why.to_owned()));
    }
    Ok(())
}
