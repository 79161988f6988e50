//! What a scenario knows of one person.

use crate::client::browser::Browser;
use crate::client::callback::{Callback, ResponseMode};
use crate::client::jwt::Jwt;
use crate::client::login::Login;
use crate::client::page::Page;
use crate::client::people;
use crate::client::service_provider::Told;
use crate::client::tokens::Tokens;
use crate::gherkin::document::Document;
use crate::gherkin::parameters::IdentityProvider;
use crate::gherkin::report::Failure;
use serde_json::Value;
use std::collections::BTreeMap;

/// A person (or a machine) of a scenario: accounts, browser, and how the last login went.
#[derive(Debug, Default)]
pub struct Known {
    /// The accounts made for this person, one a provider.
    pub accounts: BTreeMap<IdentityProvider, people::Person>,
    /// The browser used last.
    pub browser: Option<Browser>,
    /// The tenant's users that this person signed in as, in order.
    pub user_ids: Vec<String>,
    /// How the last login ended.
    pub outcome: Option<Outcome>,
    /// A login that was begun and waits for the person.
    pub pending: Option<Login>,
    /// A token of their own for the Management API, that lets an app link accounts.
    pub own_token: Option<String>,
    /// The profile as it was at a moment that a step chose.
    pub remembered: Option<Document>,
    /// What the app's goodbye page was told last.
    pub farewell: Option<Callback>,
    /// What a service provider was told last.
    pub told: Option<Told>,
    /// Every refresh token received, in order.
    pub refresh_tokens: Vec<String>,
}

/// How a login ended.
#[derive(Debug)]
pub enum Outcome {
    /// With tokens in the app's hands.
    SignedIn(Box<Session>),
    /// With an error at the app's callback or at the token endpoint.
    Refused {
        /// The `error`.
        error: String,
        /// The `error_description`.
        description: String,
    },
    /// With a page that waits for the person.
    Shown(Box<Page>),
    /// With nothing: nobody answered the browser or the app, or not to the end. What the network says.
    Broken(String),
}

/// What an app has after a login.
#[derive(Debug)]
pub struct Session {
    /// The login, as the app began it; none where tokens came without a browser.
    pub login: Option<(Login, Callback)>,
    /// What the token endpoint answered.
    pub tokens: Tokens,
    /// The ID token, checked.
    pub id_token: Option<Jwt>,
}

impl Known {
    /// What the last login gave the app.
    ///
    /// # Errors
    /// A [`Failure`] that tells how the login ended instead.
    pub fn session(&self) -> Result<&Session, Failure> {
        let ended = match &self.outcome {
            Some(Outcome::SignedIn(session)) => return Ok(session),
            Some(other) => other.worded(),
            None => "nobody tried to sign in".to_owned(),
        };
        Err(Failure::new("to be signed in", ended))
    }

    /// The tenant's user that this person is: the one signed in last, else the database account made for them.
    ///
    /// # Errors
    /// A [`Failure`] when there is neither.
    pub fn user_id(&self) -> Result<&str, Failure> {
        let database = || self.accounts.get(&IdentityProvider::Database).map(|account| &account.id);
        let known = self.user_ids.last().or_else(database);
        known.map(String::as_str).ok_or_else(|| Failure::new("to know the user", "nobody signed in or was made"))
    }

    /// Remembers what a login gave the app.
    pub(crate) fn signed_in(&mut self, session: Session) {
        self.refresh_tokens.extend(session.tokens.refresh_token.clone());
        let subject = session.id_token.as_ref().and_then(|token| token.claims.get("sub")).and_then(Value::as_str);
        self.user_ids.extend(subject.map(str::to_owned));
        self.outcome = Some(Outcome::SignedIn(Box::new(session)));
    }
}

impl Outcome {
    /// The outcome in words, for failures.
    pub fn worded(&self) -> String {
        match self {
            Self::SignedIn(_) => "signed in".to_owned(),
            Self::Refused { error, description } => format!("refused with {error}: {description}"),
            Self::Broken(cause) => cause.clone(),
            Self::Shown(page) => format!("the page {} ({}) that says: {}", page.url.path(), page.status, page.text()),
        }
    }

    /// The way in which the answer came to the app, if it came through a browser.
    pub fn mode(&self) -> Option<ResponseMode> {
        match self {
            Self::SignedIn(session) => session.login.as_ref().map(|(_, callback)| callback.mode),
            _ => None,
        }
    }
}
