//! The fixture's people at the fakes, over the control API: an Impostor has it, the real service has no fakes.

use crate::cli::seed::difference::difference;
use crate::cli::seed::report::Outcome;
use crate::cli::seed::seeder::Seeder;
use crate::client::error::ClientError;
use crate::client::people::NewPerson;
use crate::client::people::Person;
use crate::fixtures::Loaded;
use crate::upstreams::accounts::Account;
use crate::upstreams::provider::Provider;

const KIND: &str = "person";

pub(super) async fn bring(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    for provider in Provider::ALL {
        let accounts = fixture.upstreams.of(provider).accounts_in_order();
        if accounts.is_empty() {
            continue;
        }
        let there = match seeder.control.people(Some(provider.as_str())).await {
            Ok(there) => there,
            Err(error) if error.refusal().is_some() => {
                let why = error.refusal().map(|refusal| refusal.message.clone()).unwrap_or_default();
                let name = format!("all at {}", provider.label());
                let why = format!("the target has no control API that takes them ({why})");
                seeder.report.add(KIND, &name, Outcome::Skipped(why));
                continue;
            }
            Err(error) => return Err(error),
        };
        for account in accounts {
            bring_one(seeder, account, there.iter().find(|person| person.id == account.id)).await?;
        }
    }
    Ok(())
}

async fn bring_one(seeder: &mut Seeder, account: &Account, found: Option<&Person>) -> Result<(), ClientError> {
    let at = account.provider.as_str();
    let name = format!("{} ({}) at {}", account.label(), account.id, account.provider.label());
    let Some(found) = found else {
        let person = NewPerson {
            at: at.to_owned(),
            attributes: account.in_full(),
            grants: account.grants.clone(),
            ..NewPerson::default()
        };
        let answer = if seeder.is_dry { Ok(()) } else { seeder.control.add_person(&person).await.map(drop) };
        return seeder.note(KIND, &name, Outcome::Created, answer).map(drop);
    };
    let change = difference(&found.profile, &account.attributes);
    // An account that gives all never says so: a change can't take its limits away.
    let grants = account.grants.clone().filter(|grants| found.grants.as_ref() != Some(grants));
    if change.is_empty() && grants.is_none() {
        seeder.report.add(KIND, &name, Outcome::Left);
        return Ok(());
    }
    let what = change.keys().cloned().chain(grants.as_ref().map(|_| "grants".to_owned())).collect();
    let answer = if seeder.is_dry {
        Ok(())
    } else {
        seeder.control.change_person(found, &change, grants.as_deref()).await.map(drop)
    };
    seeder.note(KIND, &name, Outcome::Changed(what), answer).map(drop)
}
