//! The tenant's Active Directory, asked over LDAP from outside: what programs see in it, and what its administrators do.

use std::collections::HashSet;

use crate::client::directory::{Directory, FoundEntry, Said, unicode_password};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{given, then, when};
use ldap3::Mod;

/// The one who may write to the directory of `acme`.
const ADMINISTRATOR: (&str, &str) = ("ACME\\Administrator", "Passw0rd!Administrator");

/// A program's conversation with the directory.
#[derive(Debug)]
pub struct Program {
    connection: Directory,
    said: Said,
    found: Vec<FoundEntry>,
}

/// The scenario's directory speaks LDAP on a port of its own. To be said before anything else.
///
/// Example: `Given the directory speaks LDAP`
#[given("the directory speaks LDAP")]
async fn speaks(world: &mut World) -> Result<(), Failure> {
    world.speak_ldap();
    directory(world).await.map(drop)
}

/// A program connects to the directory, goes over to TLS and signs in by a name of any form. What the directory says to
/// it is for the next steps to say.
///
/// Example: `When a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"`
#[given(expr = "a program signs in to the directory as {string} with the password {string}")]
#[when(expr = "a program signs in to the directory as {string} with the password {string}")]
async fn signs_in(world: &mut World, name: String, password: String) -> Result<(), Failure> {
    let mut connection = directory(world).await?;
    let said = connection.bind(&name, &password).await?;
    world.program = Some(Program { connection, said, found: Vec::new() });
    Ok(())
}

/// Somebody, or something, tries wrong passwords for an account.
///
/// Example: `When somebody signs in to the directory as "ACME\jdoe" with a wrong password 10 times`
#[given(expr = "somebody signs in to the directory as {string} with a wrong password {int} times")]
#[when(expr = "somebody signs in to the directory as {string} with a wrong password {int} times")]
async fn guesses(world: &mut World, name: String, times: usize) -> Result<(), Failure> {
    let mut connection = directory(world).await?;
    for _ in 0..times {
        let said = connection.bind(&name, "a wrong one").await?;
        if said.is_success() {
            return Err(Failure::new("a wrong password", "it is the right one"));
        }
    }
    Ok(())
}

/// The directory did what the program asked of it last.
///
/// Example: `Then the directory does so`
#[then("the directory does so")]
async fn does_so(world: &mut World) -> Result<(), Failure> {
    let said = &program(world)?.said;
    if said.is_success() { Ok(()) } else { Err(Failure::new("the directory to do so", worded(said))) }
}

/// The directory refused what the program asked of it last, with this result code, and with these words among others.
///
/// Example: `Then the directory refuses with 49 "data 52e"`
#[then(expr = "the directory refuses with {int} {string}")]
async fn refuses(world: &mut World, code: u32, words: String) -> Result<(), Failure> {
    let said = &program(world)?.said;
    if said.code == code && said.text.contains(&words) {
        return Ok(());
    }
    Err(Failure::new(format!("the directory to refuse with {code} {words:?}"), worded(said)))
}

/// The program searches the whole domain by a filter.
///
/// Example: `When the program searches the directory for "(mail=john*)"`
#[when(expr = "the program searches the directory for {string}")]
async fn searches(world: &mut World, filter: String) -> Result<(), Failure> {
    let program = program(world)?;
    (program.found, program.said) = program.connection.search(&filter, &["*"]).await?;
    Ok(())
}

/// What the last search found: the account names of people and groups, separated by commas, in any order.
///
/// Example: `Then the program finds "jdoe, zmueller"`
#[then(expr = "the program finds {string}")]
async fn finds(world: &mut World, names: String) -> Result<(), Failure> {
    let program = program(world)?;
    let wanted: HashSet<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let found = program.found.iter().map(|entry| entry.values("sAMAccountName").first().unwrap_or(&entry.dn).as_str());
    let found: Vec<&str> = found.collect();
    if found.len() == wanted.len() && found.iter().all(|name| wanted.contains(name)) {
        return Ok(());
    }
    let failure = Failure::new(format!("to find {names:?}"), format!("{found:?}"));
    Err(failure.with("what the directory said", worded(&program.said)))
}

/// The program puts a value in the place of those of an attribute of an account.
///
/// Example: `When the program sets "title" of "jdoe" to "CEO" in the directory`
#[when(expr = "the program sets {string} of {string} to {string} in the directory")]
async fn program_sets(world: &mut World, attribute: String, account: String, value: String) -> Result<(), Failure> {
    let dn = entry(world, &account).await?.dn;
    let change = Mod::Replace(attribute.into_bytes(), HashSet::from([value.into_bytes()]));
    let program = program(world)?;
    program.said = program.connection.modify(&dn, vec![change]).await?;
    Ok(())
}

/// The program changes the password of an account, knowing the old one.
///
/// Example: `When the program changes the password of "jdoe" from "Passw0rd!jdoe" to "Another-1" in the directory`
#[when(expr = "the program changes the password of {string} from {string} to {string} in the directory")]
async fn changes_password(world: &mut World, account: String, old: String, new: String) -> Result<(), Failure> {
    let dn = entry(world, &account).await?.dn;
    let password = |text: &str| HashSet::from([unicode_password(text)]);
    let name = || b"unicodePwd".to_vec();
    let changes = vec![Mod::Delete(name(), password(&old)), Mod::Add(name(), password(&new))];
    let program = program(world)?;
    program.said = program.connection.modify(&dn, changes).await?;
    Ok(())
}

/// An entry of the directory, by its account name, has a value.
///
/// Example: `Then in the directory "jdoe" has "title" "Senior Engineer"`
#[then(expr = "in the directory {string} has {string} {string}")]
async fn has(world: &mut World, account: String, attribute: String, value: String) -> Result<(), Failure> {
    let entry = entry(world, &account).await?;
    let values = entry.values(&attribute);
    if values.contains(&value) {
        return Ok(());
    }
    Err(Failure::new(format!("{account:?} to have {attribute:?} {value:?}"), format!("{values:?}")))
}

/// An entry of the directory has no value of an attribute, or not this one.
///
/// Example: `Then in the directory "jdoe" has no "memberOf" "CN=Staff,OU=Engineering,DC=acme,DC=example"`
#[then(expr = "in the directory {string} has no {string} {string}")]
async fn has_no(world: &mut World, account: String, attribute: String, value: String) -> Result<(), Failure> {
    let entry = entry(world, &account).await?;
    let values = entry.values(&attribute);
    if !values.contains(&value) {
        return Ok(());
    }
    Err(Failure::new(format!("{account:?} to have no {attribute:?} {value:?}"), format!("{values:?}")))
}

/// The program as it is.
fn program(world: &mut World) -> Result<&mut Program, Failure> {
    let none = || Failure::new("a program that is signed in to the directory", "none is");
    world.program.as_mut().ok_or_else(none)
}

/// A new connection to the directory, over TLS.
///
/// # Errors
/// A [`Failure`] when the tenant's directory has no port.
pub(crate) async fn directory(world: &mut World) -> Result<Directory, Failure> {
    let none = || {
        let found = "the scenario's tenant was made without: begin with \"Given the directory speaks LDAP\"";
        Failure::new("a directory that speaks LDAP", found)
    };
    let port = world.tenant().await?.ldap.ok_or_else(none)?;
    Ok(Directory::connect(&world.host()?, port, true).await?)
}

/// A connection to the directory of somebody who may write to it.
///
/// # Errors
/// As [`directory`]; a [`Failure`] when the directory doesn't know them.
pub(crate) async fn administrator(world: &mut World) -> Result<Directory, Failure> {
    let mut connection = directory(world).await?;
    let said = connection.bind(ADMINISTRATOR.0, ADMINISTRATOR.1).await?;
    if said.is_success() { Ok(connection) } else { Err(Failure::new("the directory's administrator", worded(&said))) }
}

/// An entry by its account name, as its administrator sees it.
///
/// # Errors
/// As [`administrator`]; a [`Failure`] when there is none of that name.
pub(crate) async fn entry(world: &mut World, account: &str) -> Result<FoundEntry, Failure> {
    let filter = format!("(sAMAccountName={})", ldap3::ldap_escape(account));
    let (found, said) = administrator(world).await?.search(&filter, &["*", "+"]).await?;
    let none = || Failure::new(format!("an account {account:?} in the directory"), worded(&said));
    found.into_iter().next().ok_or_else(none)
}

/// What the directory said, for a person to read.
pub(crate) fn worded(said: &Said) -> String {
    format!("result {} {}", said.code, said.text).trim_end().to_owned()
}
