//! A person's way through a fake's pages: what an app asked for, at which browser, who was chosen.

use std::time::Duration;

use crate::protocols::oauth::pkce::Challenge;
use crate::time::Timestamp;
use crate::upstreams::accounts::Account;
use crate::upstreams::microsoft::directory::CONSUMERS;
use crate::upstreams::provider::Provider;
use crate::upstreams::state::FakeState;
use crate::upstreams::state::SecretHash;
use crate::upstreams::state::hash_of;

/// How long a page may lie open.
const PATIENCE: Duration = Duration::from_hours(1);

/// Dialogs that were left lying are looked for whenever so many more are there.
const EVERY: usize = 100;

/// What an app asked for, parsed and checked once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) client_id: String,
    /// Allowed for the client.
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    /// Permissions or scopes in the provider's own words, each once.
    pub(crate) scopes: Vec<String>,
    pub(crate) response: Response,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    /// A refresh token is wanted (`access_type=offline`).
    pub(crate) offline: bool,
    /// Scopes given earlier count as well (`include_granted_scopes`).
    pub(crate) include_granted: bool,
    /// What was decided before is asked again (`prompt=consent`, `auth_type=rerequest`).
    pub(crate) ask_again: bool,
    /// Only accounts of this domain may be chosen (`hd`, at Microsoft a directory); `*` is any domain.
    pub(crate) domain: Option<String>,
}

/// What the app wants back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) code: bool,
    pub(crate) token: bool,
    pub(crate) id_token: bool,
    /// Facebook's `granted_scopes`.
    pub(crate) granted_scopes: bool,
    pub(crate) mode: Mode,
}

/// How it comes back (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    Query,
    Fragment,
    FormPost,
}

/// A dialog under way, kept under the hash of the handle that its forms carry.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    /// The browser that began it; no other may go on with it.
    pub(crate) browser: SecretHash,
    pub(crate) request: Request,
    /// The account chosen, once it is.
    pub(crate) account: Option<String>,
    created_at: Timestamp,
}

/// A browser, kept under the hash of its cookie.
#[derive(Clone, Debug, Default)]
pub(crate) struct Browser {
    /// Accounts signed in at it, the last one first.
    pub(crate) accounts: Vec<String>,
}

impl Dialog {
    pub(crate) fn new(browser: SecretHash, request: Request, account: Option<String>, now: Timestamp) -> Self {
        Self { browser, request, account, created_at: now }
    }

    /// The same dialog, with who was chosen.
    #[must_use]
    pub(crate) fn chosen(&self, account: &str) -> Self {
        Self { account: Some(account.to_owned()), ..self.clone() }
    }
}

impl Request {
    /// Whether the account is one of those that the app wants (`hd`). Accounts of the fake Microsoft's own are personal.
    pub(crate) fn takes(&self, account: &Account) -> bool {
        let of_domain = match account.provider {
            Provider::Microsoft => Some(CONSUMERS),
            _ => account.text("hd"),
        };
        match self.domain.as_deref() {
            None => true,
            Some("*") => of_domain.is_some(),
            Some(wanted) => of_domain.is_some_and(|domain| domain.eq_ignore_ascii_case(wanted)),
        }
    }
}

impl FakeState {
    /// Keeps a dialog under `handle`.
    pub(crate) fn put_dialog(&mut self, handle: &str, dialog: Dialog, now: Timestamp) {
        if self.dialogs.len() % EVERY == EVERY - 1 {
            self.dialogs.retain(|_, dialog| now < dialog.created_at.plus(PATIENCE));
        }
        self.dialogs.put(hash_of(handle), dialog);
    }

    /// The dialog with this handle, if `browser` may go on with it.
    pub(crate) fn dialog(&self, handle: &str, browser: &str, now: Timestamp) -> Option<Dialog> {
        let dialog = self.dialogs.get(&hash_of(handle))?;
        let is_open = dialog.browser == hash_of(browser) && now < dialog.created_at.plus(PATIENCE);
        is_open.then(|| Dialog::clone(dialog))
    }

    /// Ends a dialog: its handle is worth nothing any more.
    pub(crate) fn close_dialog(&mut self, handle: &str) {
        self.dialogs.remove(&hash_of(handle));
    }

    /// The accounts signed in at a browser, the last one first.
    pub(crate) fn signed_in(&self, browser: &str) -> Vec<String> {
        let accounts = self.browsers.get(&hash_of(browser)).map(|browser| browser.accounts.clone());
        accounts.unwrap_or_default().into_iter().filter(|id| self.accounts.get(id).is_some()).collect()
    }

    /// Signs every account out at a browser.
    pub(crate) fn sign_out(&mut self, browser: &str) {
        self.browsers.remove(&hash_of(browser));
    }

    /// Signs an account in at a browser, `alone` in the place of all others.
    pub(crate) fn sign_in(&mut self, browser: SecretHash, account: &str, alone: bool) {
        let others = self.browsers.get(&browser).filter(|_| !alone);
        let others = others.into_iter().flat_map(|browser| browser.accounts.iter());
        let others = others.filter(|other| *other != account).cloned();
        let accounts = std::iter::once(account.to_owned()).chain(others).collect();
        self.browsers.put(browser, Browser { accounts });
    }
}
