//! What comes next for a checked request: an answer from the session, a page, or an upstream.
//! Source: OpenID Connect Core §3.1.2.1 and §3.1.2.3, spec/authentication-api.md §2, spec/universal-login.md (Behaviour).

use std::sync::Arc;

use serde_json::Map;

use crate::authentication::authorize::consent;
use crate::authentication::authorize::refusal::Refusal;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::resource_server::ResourceServer;
use crate::domain::session::Session;
use crate::domain::transaction::Arrival;
use crate::domain::transaction::AuthorizationRequest;
use crate::store::state::TenantState;
use crate::time::Timestamp;

/// A request whose client, redirect, API and connection are known.
pub(super) struct Asked<'a> {
    pub(super) state: &'a TenantState,
    pub(super) client: &'a Client,
    pub(super) request: &'a AuthorizationRequest,
    pub(super) api: Option<&'a ResourceServer>,
    /// The one that the app insists on.
    pub(super) connection: Option<&'a Arc<Connection>>,
}

/// Where the person goes.
#[derive(Debug)]
pub(super) enum Next {
    /// Straight back to the app.
    Answer(Arrival),
    /// To the consent page; who it is, is known.
    Consent(Arrival),
    /// To a page of ours.
    Page(&'static str),
    /// To the connection's upstream.
    Upstream(Arc<Connection>),
}

/// Decides by the browser's session, if there is one.
///
/// # Errors
/// [`Refusal::LoginRequired`] and [`Refusal::ConsentRequired`] when a page would be needed and none may be shown;
/// [`Refusal::UserBlocked`].
pub(super) fn decide(asked: &Asked<'_>, session: Option<&Session>, now: Timestamp) -> Result<Next, Refusal> {
    let silent = asked.request.asks_prompt("none");
    let Some(session) = session.filter(|session| is_good_for(session, asked, now)) else {
        return if silent { Err(Refusal::LoginRequired) } else { Ok(away(asked)) };
    };
    let user = asked.state.users.get(session.user_id.as_str());
    if user.is_some_and(|user| user.is_blocked()) {
        return Err(Refusal::UserBlocked);
    }
    let arrival = Arrival {
        user_id: session.user_id.clone(),
        session_id: session.id.clone(),
        connection: session.connection.clone(),
        auth_time: session.authenticated_at,
        transient: Map::new(),
        consented: false,
    };
    match (consent::is_needed(asked, &arrival), silent) {
        (false, _) => Ok(Next::Answer(arrival)),
        (true, true) => Err(Refusal::ConsentRequired),
        (true, false) => Ok(Next::Consent(arrival)),
    }
}

/// Whether the session is fresh enough for the request and came by a connection that the client takes.
fn is_good_for(session: &Session, asked: &Asked<'_>, now: Timestamp) -> bool {
    let request = asked.request;
    if request.asks_prompt("login") || request.asks_prompt("select_account") {
        return false;
    }
    let fresh = request.max_age.is_none_or(|seconds| now <= session.authenticated_at.plus_seconds(seconds));
    let by = asked.state.connection_named(&session.connection);
    let organization = request.organization.as_ref().and_then(|id| asked.state.organizations.get(id.as_str()));
    let taken = by.is_some_and(|connection| {
        connection.is_enabled_for(&asked.client.client_id)
            && organization.is_none_or(|organization| organization.takes(&connection.id))
    });
    fresh && taken && asked.connection.is_none_or(|connection| connection.name == session.connection)
}

/// To the upstream of the connection that was named, else to a page.
fn away(asked: &Asked<'_>) -> Next {
    match asked.connection {
        Some(connection) if !connection.strategy.keeps_accounts() && !connection.strategy.has_own_form() => {
            Next::Upstream(Arc::clone(connection))
        }
        _ if asked.request.screen_hint.as_deref() == Some("signup") => Next::Page("/u/signup"),
        _ => Next::Page("/u/login"),
    }
}
