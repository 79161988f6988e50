//! Signing in with an account of a directory: Active Directory, or another that speaks LDAP.

use crate::client::journey::Journey;
use crate::client::people;
use crate::gherkin::parameters::Person;
use crate::gherkin::report::Failure;
use crate::gherkin::visit;
use crate::gherkin::world::World;
use cucumber::{given, when};
use serde_json::Map;

/// Somebody presses the button of a connection to a directory and types a name and a password of theirs there. What comes
/// of it is for the next steps to say.
///
/// Example: `When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"`
#[given(expr = "{person} signs in with the directory {string} as {string} with the password {string}")]
#[when(expr = "{person} signs in with the directory {string} as {string} with the password {string}")]
async fn signs_in(
    world: &mut World,
    person: Person,
    connection: String,
    typed: String,
    password: String,
) -> Result<(), Failure> {
    visit::sign_in(world, &person, &Journey::by_provider(connection, account(typed, password))).await
}

/// Somebody types an address and a password on the login page, without pressing any button.
///
/// Example: `When "john" types "jdoe@acme.example" and the password "Passw0rd!jdoe" on the login page`
#[when(expr = "{person} types {string} and the password {string} on the login page")]
async fn types(world: &mut World, person: Person, typed: String, password: String) -> Result<(), Failure> {
    visit::sign_in(world, &person, &Journey::by_password(account(typed, password))).await
}

fn account(typed: String, password: String) -> people::Person {
    people::Person {
        at: "directory".to_owned(),
        id: typed.clone(),
        email: Some(typed),
        password: Some(password),
        name: None,
        profile: Map::new(),
        grants: None,
    }
}
