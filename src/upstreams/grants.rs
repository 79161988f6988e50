//! What people let apps know, and the codes and tokens that come of it.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::protocols::oauth::pkce::Challenge;
use crate::time::Timestamp;
use crate::upstreams::state::FakeState;
use crate::upstreams::state::hash_of;

/// How long a code is good for.
pub(crate) const CODE_LIFETIME: Duration = Duration::from_mins(10);

/// Used and expired codes are kept so long, to be told from those that never were.
const CODE_MEMORY: Duration = Duration::from_hours(24);

/// Codes and tokens that ended are looked for whenever so many more are there.
const EVERY: usize = 500;

/// What a person decided about an app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Consent {
    pub(crate) granted: BTreeSet<String>,
    pub(crate) declined: BTreeSet<String>,
    /// The name that the app was told, where the person could change it (given and family name).
    pub(crate) name: Option<(String, String)>,
}

/// Who may know what about whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) account: String,
    /// In the order asked for.
    pub(crate) scopes: Vec<String>,
}

/// An authorization code; kept under its hash.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    /// To be repeated at the exchange.
    pub(crate) redirect_uri: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    /// A refresh token comes with it.
    pub(crate) refreshable: bool,
    pub(crate) issued_at: Timestamp,
    pub(crate) used: bool,
}

/// A token; kept under its hash.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) grant: Grant,
    /// The secret that the app showed for it.
    pub(crate) secret: Option<String>,
    pub(crate) issued_at: Timestamp,
    /// `None` never expires.
    pub(crate) expires_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Access,
    Refresh,
    /// Of an app itself, no person's.
    App,
}

impl Code {
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.issued_at.plus(CODE_LIFETIME)
    }
}

impl Token {
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }
}

impl Grant {
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

impl FakeState {
    /// What a person decided about an app so far.
    pub(crate) fn consent(&self, client_id: &str, account: &str) -> Consent {
        let key = (client_id.to_owned(), account.to_owned());
        self.consents.get(&key).map(|consent| Consent::clone(consent)).unwrap_or_default()
    }

    /// Notes what a person decides now.
    pub(crate) fn decide(&mut self, client_id: &str, account: &str, granted: &[String], declined: &[String]) {
        let mut consent = self.consent(client_id, account);
        for scope in granted {
            consent.declined.remove(scope);
            consent.granted.insert(scope.clone());
        }
        for scope in declined {
            consent.granted.remove(scope);
            consent.declined.insert(scope.clone());
        }
        self.consents.put((client_id.to_owned(), account.to_owned()), consent);
    }

    /// Notes the name that an app is told.
    pub(crate) fn name_for(&mut self, client_id: &str, account: &str, name: (String, String)) {
        let consent = Consent { name: Some(name), ..self.consent(client_id, account) };
        self.consents.put((client_id.to_owned(), account.to_owned()), consent);
    }

    /// Takes an app's permissions back: it must ask anew.
    pub(crate) fn forget(&mut self, client_id: &str, account: &str) {
        self.consents.remove(&(client_id.to_owned(), account.to_owned()));
    }

    /// Takes an app's permissions and all its tokens back.
    pub(crate) fn withdraw(&mut self, client_id: &str, account: &str) {
        self.forget(client_id, account);
        let is_of = |grant: &Grant| grant.client_id == client_id && grant.account == account;
        self.tokens.retain(|_, token| !is_of(&token.grant));
        self.codes.retain(|_, code| !is_of(&code.grant));
    }

    pub(crate) fn put_code(&mut self, secret: &str, code: Code) {
        let now = code.issued_at;
        if self.codes.len() % EVERY == EVERY - 1 {
            self.codes.retain(|_, code| now < code.issued_at.plus(CODE_MEMORY));
        }
        self.codes.put(hash_of(secret), code);
    }

    pub(crate) fn code(&self, secret: &str) -> Option<Code> {
        self.codes.get(&hash_of(secret)).map(|code| Code::clone(code))
    }

    pub(crate) fn put_token(&mut self, secret: &str, token: Token) {
        let now = token.issued_at;
        if self.tokens.len() % EVERY == EVERY - 1 {
            self.tokens.retain(|_, token| !token.is_expired(now.plus_seconds(-86_400)));
        }
        self.tokens.put(hash_of(secret), token);
    }

    pub(crate) fn token(&self, secret: &str) -> Option<Token> {
        self.tokens.get(&hash_of(secret)).map(|token| Token::clone(token))
    }
}
