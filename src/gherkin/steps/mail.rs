//! The mails that the tenant sends, and their links.

use crate::client::browser::Arrival;
use crate::client::mail::Mail;
use crate::gherkin::known::Outcome;
use crate::gherkin::parameters::{IdentityProvider, Person};
use crate::gherkin::report::Failure;
use crate::gherkin::world::World;
use cucumber::{Parameter, given, then, when};
use std::str::FromStr;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "mail", regex = "verification mail|password mail|unblocking mail")]
pub enum MailKind {
    /// It verifies an address.
    Verification,
    /// It lets somebody choose another password.
    Password,
    /// It lifts a block.
    Unblocking,
}

impl MailKind {
    fn template(self) -> &'static str {
        match self {
            Self::Verification => "verify_email",
            Self::Password => "reset_email",
            Self::Unblocking => "blocked_account",
        }
    }
}

impl FromStr for MailKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "verification mail" => Ok(Self::Verification),
            "password mail" => Ok(Self::Password),
            "unblocking mail" => Ok(Self::Unblocking),
            other => Err(format!("no mail is called {other:?}")),
        }
    }
}

/// The tenant sent somebody's database account so many mails of a kind.
///
/// Example: `Then "ana" got 1 verification mail`
#[then(expr = "{person} got {int} {mail}(s)")]
async fn got(world: &mut World, person: Person, expected: usize, kind: MailKind) -> Result<(), Failure> {
    let found = mails(world, &person, kind).await?.len();
    let failure = || Failure::new(format!("{expected} {} mails", kind.template()), found.to_string());
    if found == expected { Ok(()) } else { Err(failure()) }
}

/// The tenant sent an e-mail address so many mails of a kind.
///
/// Example: `Then "new@people.example" was sent 1 verification mail`
#[then(expr = "{string} was sent {int} {mail}(s)")]
async fn was_sent(world: &mut World, to: String, expected: usize, kind: MailKind) -> Result<(), Failure> {
    let query = [("to", to.as_str()), ("template", kind.template())];
    let found = world.control().await?.outbox(&query).await?.len();
    let failure = || Failure::new(format!("{expected} {} mails to {to}", kind.template()), found.to_string());
    if found == expected { Ok(()) } else { Err(failure()) }
}

/// The tenant sent no mail at all.
///
/// Example: `Then no mail was sent`
#[then("no mail was sent")]
async fn none_sent(world: &mut World) -> Result<(), Failure> {
    let mails = world.control().await?.outbox(&[]).await?;
    let subjects: Vec<_> = mails.iter().map(|mail| format!("{} to {}", mail.subject, mail.to)).collect();
    if subjects.is_empty() { Ok(()) } else { Err(Failure::new("no mail", subjects.join(", "))) }
}

/// The newest mail of a kind says this, somewhere in its text.
///
/// Example: `Then the password mail to "ana" says "Change your password"`
#[then(expr = "the {mail} to {person} says {string}")]
async fn says(world: &mut World, kind: MailKind, person: Person, words: String) -> Result<(), Failure> {
    let words = world.fill_text(&person, words).await?;
    let text = newest(world, &person, kind).await?.text;
    if text.contains(&words) { Ok(()) } else { Err(Failure::new(format!("a mail that says {words:?}"), text)) }
}

/// Somebody opens the link of the newest mail of a kind, in the browser used last or in a new one.
///
/// Example: `When "ana" opens the verification mail`
#[given(expr = "{person} opens the {mail}( again)")]
#[when(expr = "{person} opens the {mail}( again)")]
async fn opens(world: &mut World, person: Person, kind: MailKind) -> Result<(), Failure> {
    let link = newest(world, &person, kind).await?.link;
    open(world, &person, &link).await
}

/// Somebody opens the link of the mail of a kind that came before the newest one.
///
/// Example: `When "ana" opens the older password mail`
#[when(expr = "{person} opens the older {mail}")]
async fn opens_older(world: &mut World, person: Person, kind: MailKind) -> Result<(), Failure> {
    let mails = mails(world, &person, kind).await?;
    let older = mails.get(1).ok_or_else(|| Failure::new("two mails", mails.len().to_string()))?;
    open(world, &person, &older.link).await
}

/// Somebody opens the address that an administrator's ticket stands in.
///
/// Example: `When "ana" opens the ticket`
#[given(expr = "{person} opens the ticket( again)")]
#[when(expr = "{person} opens the ticket( again)")]
async fn opens_ticket(world: &mut World, person: Person) -> Result<(), Failure> {
    let link = world.handed_out.clone().ok_or_else(|| Failure::new("a ticket", "none was made"))?;
    open(world, &person, &link).await
}

/// The link led to the app's own page, which was told this.
///
/// Example: `Then the app's page is told "code" "success"`
#[then(expr = "the app's page is told {string} {string}")]
async fn is_told(world: &mut World, name: String, expected: String) -> Result<(), Failure> {
    let landing = world.landing.as_ref().ok_or_else(|| Failure::new("to land at the app", "a page of the tenant"))?;
    match landing.get(&name) {
        Some(found) if found == expected => Ok(()),
        found => Err(Failure::new(format!("{name} to be {expected:?}"), format!("{found:?}"))),
    }
}

/// The link led to the app's own page, which was not told something.
///
/// Example: `Then the app's page is not told "email"`
#[then(expr = "the app's page is not told {string}")]
async fn is_not_told(world: &mut World, name: String) -> Result<(), Failure> {
    let landing = world.landing.as_ref().ok_or_else(|| Failure::new("to land at the app", "a page of the tenant"))?;
    match landing.get(&name) {
        None => Ok(()),
        Some(found) => Err(Failure::new(format!("no {name}"), found.to_owned())),
    }
}

/// Opens a link, and keeps what it shows or where it leads.
pub(super) async fn open(world: &mut World, person: &Person, link: &str) -> Result<(), Failure> {
    let fresh = world.new_browser()?;
    let arrival = world.known(person).browser.get_or_insert(fresh).open(link).await?;
    arrived(world, person, arrival);
    Ok(())
}

/// Keeps what is shown, or the app's page that was reached.
pub(super) fn arrived(world: &mut World, person: &Person, arrival: Arrival) {
    world.landing = None;
    match arrival {
        Arrival::Page(page) => world.known(person).outcome = Some(Outcome::Shown(page)),
        Arrival::Callback(callback) => world.landing = Some(callback),
    }
}

async fn newest(world: &mut World, person: &Person, kind: MailKind) -> Result<Mail, Failure> {
    let mails = mails(world, person, kind).await?;
    mails.into_iter().next().ok_or_else(|| Failure::new(format!("a mail {}", kind.template()), "none was sent"))
}

/// Newest first.
async fn mails(world: &mut World, person: &Person, kind: MailKind) -> Result<Vec<Mail>, Failure> {
    let account = world.known(person).accounts.get(&IdentityProvider::Database);
    let none = || Failure::new(format!("an e-mail address of {person}"), "no database account was made");
    let to = account.and_then(|account| account.email.clone()).ok_or_else(none)?;
    let query = [("to", to.as_str()), ("template", kind.template())];
    Ok(world.control().await?.outbox(&query).await?)
}
