//! A login under way, from `/authorize` to the answer at the app. Source: design page, section 4.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use crate::domain::id::BrowserId;
use crate::domain::id::ClientId;
use crate::domain::id::OrganizationId;
use crate::domain::id::SessionId;
use crate::domain::id::TransactionId;
use crate::domain::id::UserId;
use crate::domain::session::CodeChallenge;
use crate::time::Timestamp;

/// A login whose client and redirect are trusted.
#[derive(Clone, Debug)]
pub(crate) struct Transaction {
    pub(crate) id: TransactionId,
    /// The browser that began it; no other may go on with it.
    pub(crate) browser: BrowserId,
    pub(crate) issuer: String,
    pub(crate) client_id: ClientId,
    pub(crate) request: AuthorizationRequest,
    pub(crate) created_at: Timestamp,
    /// Whom a code was sent on the way, if anybody.
    pub(crate) addressed: Option<Addressed>,
    pub(crate) stage: Stage,
}

/// Who says that they have an address, which a code was sent to.
#[derive(Clone, Debug)]
pub(crate) struct Addressed {
    /// The connection's name.
    pub(crate) connection: String,
    /// An e-mail address or a phone number.
    pub(crate) address: String,
}

/// What an app asked `/authorize` for, parsed once (spec/authentication-api.md §2).
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationRequest {
    /// One of the client's callbacks.
    pub(crate) redirect_uri: String,
    /// Whether the app named it, so that it must repeat it at the exchange.
    pub(crate) redirect_uri_was_sent: bool,
    pub(crate) response_type: ResponseType,
    pub(crate) response_mode: ResponseMode,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) scope: Vec<String>,
    pub(crate) audience: Option<String>,
    pub(crate) code_challenge: Option<CodeChallenge>,
    pub(crate) prompt: Vec<String>,
    /// Seconds.
    pub(crate) max_age: Option<i64>,
    pub(crate) login_hint: Option<String>,
    pub(crate) screen_hint: Option<String>,
    /// A connection's name: skips the login page.
    pub(crate) connection: Option<String>,
    pub(crate) connection_scope: Option<String>,
    pub(crate) ui_locales: Option<String>,
    /// The organization that the person signs in to.
    pub(crate) organization: Option<OrganizationId>,
    /// Parameters that are forwarded upstream or reach scripts untouched (`access_type`, `ext-*`, …).
    pub(crate) others: BTreeMap<String, String>,
    /// The answer is a SAML response, posted to `redirect_uri`; `state` is its `RelayState`.
    pub(crate) saml: Option<Arc<SamlReply>>,
    /// The answer is a token of WS-Federation for this realm, posted to `redirect_uri`; `state` is its `wctx`.
    pub(crate) wsfed: Option<Arc<str>>,
}

/// What a service provider's response must fit (SAML 2.0 Core §3.4.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SamlReply {
    /// The id of its request; none when nobody asked.
    pub(crate) request: Option<String>,
    /// Its entity id.
    pub(crate) issuer: Option<String>,
}

/// Which of code, token and ID token the front channel answers with (RFC 6749 §3.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResponseType {
    pub(crate) code: bool,
    pub(crate) token: bool,
    pub(crate) id_token: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
    WebMessage,
}

/// How far a login has come.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// A page of Universal Login waits for the person.
    Login,
    /// The person is at an upstream.
    Upstream(UpstreamVisit),
    /// The person is known; what is left is consent and the answer.
    SignedIn(Arrival),
}

/// What was sent to an upstream, to be checked when the person comes back.
#[derive(Clone, Debug)]
pub(crate) struct UpstreamVisit {
    /// The connection's name.
    pub(crate) connection: String,
    /// The `state` sent; unguessable and used once.
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) code_verifier: Option<String>,
    /// Our callback as sent: the token request repeats it.
    pub(crate) redirect_uri: String,
    /// The upstream's base address as the browser was sent to it.
    pub(crate) base: String,
    /// The issuer that was discovered there, which tokens must be of; none where the upstream has no such thing.
    pub(crate) issuer: Option<String>,
}

/// A person who has arrived: by a fresh login or by the browser's session.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) connection: String,
    pub(crate) auth_time: Timestamp,
    /// Attributes of this login that must not be kept but that its scripts and tokens see (spec/caching.md §3).
    pub(crate) transient: Map<String, Value>,
    /// The person said yes on the consent page.
    pub(crate) consented: bool,
}

impl AuthorizationRequest {
    /// A service provider's, of which nothing but the way of its answer is known yet.
    pub(crate) fn for_saml(acs: String, reply: SamlReply) -> Self {
        Self { saml: Some(Arc::new(reply)), ..Self::posted_to(acs) }
    }

    /// One of which nothing is known yet but where a form is posted in the end.
    pub(crate) fn posted_to(redirect_uri: String) -> Self {
        Self {
            redirect_uri,
            redirect_uri_was_sent: false,
            response_type: ResponseType::default(),
            response_mode: ResponseMode::FormPost,
            state: None,
            nonce: None,
            scope: Vec::new(),
            audience: None,
            code_challenge: None,
            prompt: Vec::new(),
            max_age: None,
            login_hint: None,
            screen_hint: None,
            connection: None,
            connection_scope: None,
            ui_locales: None,
            organization: None,
            others: BTreeMap::new(),
            saml: None,
            wsfed: None,
        }
    }

    /// Whether the answer is a document about the person, not something of OAuth.
    pub(crate) fn is_for_document(&self) -> bool {
        self.saml.is_some() || self.wsfed.is_some()
    }

    pub(crate) fn asks_prompt(&self, prompt: &str) -> bool {
        self.prompt.iter().any(|asked| asked == prompt)
    }

    /// `auth_time` belongs into the ID token (spec/tokens.md §2).
    pub(crate) fn wants_auth_time(&self) -> bool {
        self.max_age.is_some() || self.asks_prompt("login")
    }
}
