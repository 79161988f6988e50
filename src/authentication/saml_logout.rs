//! `/logout` as the single logout service of SAML connections, and logouts that end at the identity provider too.
//! Source: spec/enterprise.md §3.5, SAML 2.0 Profiles §4.4.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::Method;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::with_cookies;
use crate::authentication::callback::MOST_MESSAGE_BYTES;
use crate::authentication::callback::refusal_of;
use crate::authentication::departure::Abroad;
use crate::authentication::events::event;
use crate::authentication::logout;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::connections::error::ConnectionError;
use crate::connections::samlp::logout as saml;
use crate::connections::samlp::logout::Message;
use crate::connections::samlp::logout::Sent;
use crate::connections::samlp::provider;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::log::LogEvent;
use crate::domain::session::Session;
use crate::domain::session::UpstreamLogout;
use crate::http::body;
use crate::http::html::SelfSubmitting;
use crate::http::parameters::Parameters;
use crate::keys::digest;
use crate::protocols::saml::binding::Kind;
use crate::store::tenant::Tenant;
use crate::time::Rng;

/// How many connections are asked whose request this is.
const MOST_CONNECTIONS: usize = 100;

/// What came to `/logout`.
#[derive(Debug)]
pub(super) enum Came {
    /// From an app, or a person.
    Query(Parameters),
    /// From an identity provider.
    Message(Message),
}

impl<S: Sync> FromRequest<S> for Came {
    type Rejection = AuthorizeError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AuthorizeError> {
        let (parts, body) = request.into_parts();
        let query = parts.uri.query().unwrap_or_default();
        if parts.method == Method::POST {
            let form = body::read(body, MOST_MESSAGE_BYTES).await.map_err(Refusal::from)?;
            return Ok(Self::Message(Message::of_form(&form).map_err(refusal_of)?));
        }
        let parameters = Parameters::of_form(query.as_bytes()).map_err(Refusal::from)?;
        if [Kind::Request, Kind::Response].iter().any(|kind| parameters.has(kind.field())) {
            return Ok(Self::Message(Message::of_query(query).map_err(refusal_of)?));
        }
        Ok(Self::Query(parameters))
    }
}

/// `GET` and `POST /logout`
pub(super) async fn logout(tenant: Tenant, abroad: Abroad, visitor: Visitor, came: Came) -> Response {
    let result = match &came {
        Came::Query(query) => logout::go(&tenant, &abroad, &visitor, query).await,
        Came::Message(message) if message.kind() == Kind::Request => follow(&tenant, &abroad, &visitor, message).await,
        Came::Message(message) => come_back(&tenant, &abroad, &visitor, message).await,
    };
    settle(result, &tenant, &visitor).await
}

/// Ends the browser's session here and at the identity provider that vouched for the person, if that is one of SAML;
/// from there the person comes back and goes on to `to`. `None`: there is no such session.
///
/// # Errors
/// On our page, when the provider can't be asked; then nothing ended.
pub(super) async fn leave(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    (client, to): (Option<&Client>, Option<&str>),
) -> Result<Option<Response>, AuthorizeError> {
    let state = tenant.read();
    let Some(session) = session::current(&state, visitor, tenant.now()) else { return Ok(None) };
    let (Some(upstream), Some(connection)) = (&session.upstream, state.connection_named(&session.connection)) else {
        return Ok(None);
    };
    let party = abroad.party(tenant, connection, &visitor.address);
    let mut rng = Rng::from_key(tenant.draw(Rng::key));
    let handle = rng.url_safe(43);
    let Some(sent) = saml::request(party, upstream, &handle, &mut rng).await.map_err(refusal_of)? else {
        return Ok(None);
    };
    let pending = UpstreamLogout {
        request: sent.id.clone(),
        connection: connection.name.clone(),
        to: to.map(str::to_owned),
        begun_at: tenant.now(),
    };
    let kept = tenant.write(|tx| {
        tx.upstream_logouts.put(digest::sha256(handle.as_bytes()), pending);
        Ok::<_, AuthorizeError>(())
    });
    kept.await?;
    logout::end(tenant, visitor, client).await?;
    Ok(Some(with_cookies(carried(&sent)?, visitor.cleared_session_cookies())))
}

/// By the browser, to the identity provider.
fn carried(sent: &Sent) -> Result<Response, AuthorizeError> {
    if sent.fields.is_empty() {
        return Ok(redirect(&sent.location)?);
    }
    Ok(SelfSubmitting { action: &sent.location, fields: &sent.fields }.answer()?)
}

/// The identity provider ended the session, too: the person goes on to where they wanted.
async fn come_back(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    message: &Message,
) -> Result<Response, AuthorizeError> {
    let key = digest::sha256(message.relay_state().unwrap_or_default().as_bytes());
    let taken = tenant.write(|tx| Ok::<_, AuthorizeError>(tx.upstream_logouts.remove(&key)));
    let pending = taken.await?.ok_or(Refusal::UnknownTransaction)?;
    let state = tenant.read();
    let connection = state.connection_named(&pending.connection).ok_or(Refusal::ConnectionNotEnabled)?;
    let party = abroad.party(tenant, connection, &visitor.address);
    let status = saml::read_answer(party, message, &pending.request).await.map_err(refusal_of)?;
    if !status.is_success() {
        tracing::info!(connection = connection.name, "the identity provider did not end its session: {status:?}");
    }
    Ok(match &pending.to {
        Some(to) => redirect(to)?,
        None => "OK".into_response(),
    })
}

/// An identity provider says that a person's sessions shall end.
async fn follow(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    message: &Message,
) -> Result<Response, AuthorizeError> {
    let (connection, asked) = whose(tenant, abroad, visitor, message).await?;
    let request = &asked.request;
    let ends = |session: &Session| {
        let Some(upstream) = &session.upstream else { return false };
        let is_named = request.session_indexes.is_empty()
            || upstream.index.as_ref().is_some_and(|index| request.session_indexes.contains(index));
        session.connection == connection.name && upstream.name_id == request.name_id.value && is_named
    };
    let ended = tenant.write(|tx| {
        let found: Vec<_> = tx.sessions.entries().filter(|(_, session)| ends(session)).map(|(key, _)| *key).collect();
        for key in &found {
            let Some(session) = tx.sessions.remove(key) else { continue };
            tx.log(LogEvent {
                description: "User successfully logged out by the identity provider".to_owned(),
                user_id: Some(session.user_id.clone()),
                connection: Some(session.connection.clone()),
                ..event("slo", tx.now, &visitor.ip)
            });
        }
        Ok::<_, AuthorizeError>(found)
    });
    let ended = ended.await?;
    let party = abroad.party(tenant, &connection, &visitor.address);
    let mut rng = Rng::from_key(tenant.draw(Rng::key));
    let sent = saml::answer(party, &asked, message.relay_state(), &mut rng).await.map_err(refusal_of)?;
    let answer = carried(&sent)?;
    let is_own = visitor.sessions.iter().any(|key| ended.contains(key));
    Ok(if is_own { with_cookies(answer, visitor.cleared_session_cookies()) } else { answer })
}

/// The connection whose provider signed a request. Where somebody else's server would have to be asked who that is, it is
/// asked only if there is a session to end: a stranger can't have every one of them asked.
async fn whose(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    message: &Message,
) -> Result<(Arc<Connection>, saml::Asked), AuthorizeError> {
    let state = tenant.read();
    let name = saml::claimed_name(message);
    let is_meant = |session: &Session| session.upstream.as_ref().is_some_and(|one| Some(&one.name_id) == name.as_ref());
    let meant: BTreeSet<_> =
        state.sessions.rows().filter(|session| is_meant(session)).map(|session| session.connection.clone()).collect();
    let candidates = state.connections.rows().filter(|connection| {
        connection.strategy.is_saml() && (meant.contains(&connection.name) || !provider::asks_outside(connection))
    });
    let mut failed: AuthorizeError = Refusal::ConnectionNotEnabled.into();
    for connection in candidates.take(MOST_CONNECTIONS) {
        match saml::read_request(abroad.party(tenant, connection, &visitor.address), message).await {
            Ok(asked) => return Ok((Arc::clone(connection), asked)),
            Err(error @ ConnectionError::Assertion(_)) => failed = refusal_of(error).into(),
            Err(error) => tracing::debug!(connection = connection.name, "failed to {error}"),
        }
    }
    Err(failed)
}
