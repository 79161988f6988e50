//! What the administrators of the directory do to it: accounts, passwords and groups. The tenant is not told.

use std::collections::HashSet;

use crate::client::directory::{Said, unicode_password};
use crate::gherkin::report::Failure;
use crate::gherkin::steps::directory;
use crate::gherkin::world::World;
use cucumber::{given, when};
use ldap3::Mod;

/// An attribute of an account gets this value in the place of all others; an empty one takes it away.
///
/// Example: `When the directory's administrator sets "userAccountControl" of "jdoe" to "514"`
#[given(expr = "the directory's administrator sets {string} of {string} to {string}")]
#[when(expr = "the directory's administrator sets {string} of {string} to {string}")]
async fn sets(world: &mut World, attribute: String, account: String, value: String) -> Result<(), Failure> {
    let values = if value.is_empty() { HashSet::new() } else { HashSet::from([value.into_bytes()]) };
    modify(world, &account, Mod::Replace(attribute.into_bytes(), values)).await
}

/// An account gets a password, which need not be known before.
///
/// Example: `When the directory's administrator gives "jdoe" the password "Another-Secret-1"`
#[given(expr = "the directory's administrator gives {string} the password {string}")]
#[when(expr = "the directory's administrator gives {string} the password {string}")]
async fn gives_password(world: &mut World, account: String, password: String) -> Result<(), Failure> {
    let values = HashSet::from([unicode_password(&password)]);
    modify(world, &account, Mod::Replace(b"unicodePwd".to_vec(), values)).await
}

/// A person or a group becomes a member of a group.
///
/// Example: `When the directory's administrator puts "minimal" into the group "Staff"`
#[given(expr = "the directory's administrator puts {string} into the group {string}")]
#[when(expr = "the directory's administrator puts {string} into the group {string}")]
async fn puts_into(world: &mut World, account: String, group: String) -> Result<(), Failure> {
    let member = HashSet::from([directory::entry(world, &account).await?.dn.into_bytes()]);
    modify(world, &group, Mod::Add(b"member".to_vec(), member)).await
}

/// A person or a group is no longer a member of a group.
///
/// Example: `When the directory's administrator takes "jdoe" out of the group "Backend"`
#[given(expr = "the directory's administrator takes {string} out of the group {string}")]
#[when(expr = "the directory's administrator takes {string} out of the group {string}")]
async fn takes_out(world: &mut World, account: String, group: String) -> Result<(), Failure> {
    let member = HashSet::from([directory::entry(world, &account).await?.dn.into_bytes()]);
    modify(world, &group, Mod::Delete(b"member".to_vec(), member)).await
}

/// An entry gets another name, where it is.
///
/// Example: `When the directory's administrator renames "jdoe" to "CN=Jonathan Doe"`
#[given(expr = "the directory's administrator renames {string} to {string}")]
#[when(expr = "the directory's administrator renames {string} to {string}")]
async fn renames(world: &mut World, account: String, name: String) -> Result<(), Failure> {
    let dn = directory::entry(world, &account).await?.dn;
    done(&directory::administrator(world).await?.rename(&dn, &name).await?)
}

/// An entry is deleted.
///
/// Example: `When the directory's administrator deletes "jdoe"`
#[given(expr = "the directory's administrator deletes {string}")]
#[when(expr = "the directory's administrator deletes {string}")]
async fn deletes(world: &mut World, account: String) -> Result<(), Failure> {
    let dn = directory::entry(world, &account).await?.dn;
    done(&directory::administrator(world).await?.delete(&dn).await?)
}

async fn modify(world: &mut World, account: &str, change: Mod<Vec<u8>>) -> Result<(), Failure> {
    let dn = directory::entry(world, account).await?.dn;
    done(&directory::administrator(world).await?.modify(&dn, vec![change]).await?)
}

fn done(said: &Said) -> Result<(), Failure> {
    if said.is_success() { Ok(()) } else { Err(Failure::new("the directory to do so", directory::worded(said))) }
}
