//! A company's SAML identity provider: its people, and what goes wrong with one of several.

use crate::client::faults::Fault;
use crate::client::people::NewPerson;
use crate::gherkin::mishap::{Mishap, Occurrence};
use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::steps::faults;
use crate::gherkin::world::World;
use cucumber::gherkin::Step;
use cucumber::{given, when};
use serde_json::{Map, Value};

/// Somebody has an account with this `NameID` at a SAML identity provider; a table gives attributes, in its words.
///
/// Example: `Given "kim" has the account "kim@acme.example" at the SAML provider "acme-saml":`
#[given(expr = "{person} has the account {string} at the SAML provider {string}:")]
#[when(expr = "{person} has the account {string} at the SAML provider {string}:")]
async fn has_account(
    world: &mut World,
    person: Person,
    name_id: String,
    provider: String,
    step: &Step,
) -> Result<(), Failure> {
    let rows = step.table.as_ref().map(|table| table.rows.as_slice()).unwrap_or_default();
    let mut attributes: Map<String, Value> = Map::new();
    for row in rows {
        match row.as_slice() {
            [name, value] => attributes.insert(name.clone(), value.as_str().into()),
            _ => return Err(Failure::new("rows of a name and a value", format!("{row:?}"))),
        };
    }
    attributes.insert("NameID".to_owned(), name_id.into());
    let new = NewPerson { at: provider, attributes, ..NewPerson::default() };
    world.control().await?.add_person(&new).await?;
    world.known(&person);
    Ok(())
}

/// Something goes wrong at one SAML identity provider: it `is down`, `declines`, `returns no e-mail`, `changes its keys`,
/// `signs with a wrong key`, `has a clock that is 10 minutes behind`, …
///
/// Example: `Given the SAML provider "acme-saml" is down`
#[given(expr = "the SAML provider {string} {mishap}")]
#[when(expr = "the SAML provider {string} {mishap}")]
async fn mishap_at(world: &mut World, provider: String, mishap: Mishap) -> Result<(), Failure> {
    faults::add(world, Fault::upstream(&provider).does(mishap.0)).await
}

/// The responses of one SAML identity provider are wrong, so often; the forms are those of
/// `the SAML provider's responses are "expired"`.
///
/// Example: `Given the SAML provider "acme-saml" sends an "expired" response once`
#[given(regex = r#"^the SAML provider "([^"]*)" sends an? "([^"]*)" response (never|once|twice|\d+ times)$"#)]
#[when(regex = r#"^the SAML provider "([^"]*)" sends an? "([^"]*)" response (never|once|twice|\d+ times)$"#)]
async fn wrong_response(world: &mut World, provider: String, form: String, often: Occurrence) -> Result<(), Failure> {
    faults::add(world, Fault::upstream(&provider).wrong_response(&form).times(often.0)).await
}
