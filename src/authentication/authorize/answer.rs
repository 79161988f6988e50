//! The end of a login: what the app asked for is drawn in one write, signed, and sent there.
//! Source: RFC 6749 §4.1.2 and §4.2.2, OAuth 2.0 Multiple Response Types, OpenID Connect Core §3.2.2.5 and §3.3.2.5.

use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::organization;
use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::code;
use crate::authentication::events::event;
use crate::authentication::grants;
use crate::authentication::grants::Channel;
use crate::authentication::grants::Drawn;
use crate::authentication::grants::Extras;
use crate::authentication::samlp;
use crate::authentication::samlp::response;
use crate::authentication::session;
use crate::authentication::sweep::sweep;
use crate::authentication::visitor::Visitor;
use crate::authentication::wsfed;
use crate::domain::client::Client;
use crate::domain::id::TransactionId;
use crate::domain::log::LogEvent;
use crate::domain::resource_server::ResourceServer;
use crate::domain::session::AuthorizationCode;
use crate::domain::session::Grant;
use crate::domain::transaction::Arrival;
use crate::domain::transaction::AuthorizationRequest;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// A login that has nothing left but its answer.
pub(super) struct Finish<'a> {
    pub(super) client: &'a Client,
    pub(super) request: &'a AuthorizationRequest,
    pub(super) api: Option<&'a ResourceServer>,
    pub(super) issuer: String,
    pub(super) arrival: Arrival,
    /// What is kept of the login, if it needed more than one request.
    pub(super) transaction: Option<TransactionId>,
}

/// What the write left for the answer.
struct Outcome {
    grant: Grant,
    code: Option<String>,
    token: Option<Drawn>,
}

/// Ends the login at the app.
///
/// # Errors
/// [`Refusal::UnknownTransaction`] when somebody else ended it meanwhile; [`Refusal::LoginRequired`] when the user is
/// gone.
pub(super) async fn complete(
    tenant: &Tenant,
    keyring: &Keyring,
    visitor: &Visitor,
    finish: Finish<'_>,
) -> Result<Response, AuthorizeError> {
    let to = TrustedRedirect::of_request(finish.client.client_id.clone(), finish.request);
    let outcome = tenant.write(|tx| draw(tx, visitor, &finish)).await?;
    let Outcome { grant, code, token } = outcome;
    let state = tenant.read();
    let Some(user) = state.users.get(grant.user_id.as_str()) else { return Err(to.refuse(Refusal::LoginRequired)) };
    if let Some(reply) = &finish.request.saml {
        return response::succeed(tenant, keyring, (finish.client, user), (finish.request, reply), &grant).await;
    }
    if let Some(realm) = &finish.request.wsfed {
        return wsfed::response::succeed(tenant, keyring, (finish.request, realm), (user, &grant)).await;
    }

    let mut fields = Vec::new();
    fields.extend(code.clone().map(|code| ("code", code)));
    let mut at_hash = None;
    if let Some(drawn) = &token {
        let access_token = grants::access_token(keyring, &state, (finish.client, finish.api), &grant, drawn).await?;
        at_hash = Some(digest::left_half_hash(&access_token));
        fields.push(("access_token", access_token));
        fields.push(("scope", grant.scope.join(" ")));
        fields.push(("expires_in", drawn.lifetime_seconds.to_string()));
        fields.push(("token_type", "Bearer".to_owned()));
    }
    if finish.request.response_type.id_token {
        let extras = Extras {
            nonce: finish.request.nonce.as_deref(),
            auth_time: grant.auth_time.filter(|_| finish.request.wants_auth_time()),
            at_hash,
            c_hash: code.as_deref().map(digest::left_half_hash),
            transient: finish.arrival.transient.clone(),
        };
        let about = (finish.client, &**user);
        let id_token = grants::id_token(keyring, &state, about, &grant, (tenant.now(), extras)).await?;
        fields.extend(id_token.map(|id_token| ("id_token", id_token)));
    }
    Ok(to.answer(fields)?)
}

/// Ends what is kept of the login, draws code and token, and keeps the session from being idle.
fn draw(tx: &mut Tx<'_>, visitor: &Visitor, finish: &Finish<'_>) -> Result<Outcome, AuthorizeError> {
    let Finish { client, request, api, issuer, arrival, transaction } = finish;
    if let Some(id) = transaction {
        tx.transactions.remove(id.as_str()).ok_or(Refusal::UnknownTransaction)?;
    }
    let Some(user) = tx.users.get(arrival.user_id.as_str()).cloned() else {
        // Deleted, or linked to another user, since they arrived.
        return Err(TrustedRedirect::of_request(client.client_id.clone(), request).refuse(Refusal::LoginRequired));
    };
    if let Err(refusal) = organization::check_member(tx, request, arrival) {
        return Err(TrustedRedirect::of_request(client.client_id.clone(), request).refuse(refusal));
    }
    session::touch(tx, visitor, &arrival.session_id, &client.client_id);
    if let Some(participant) = request.saml.as_ref().and_then(|_| samlp::participant(client, &user)) {
        session::note_participant(tx, visitor, &arrival.session_id, &participant);
    }
    let grant = Grant {
        client_id: client.client_id.clone(),
        user_id: arrival.user_id.clone(),
        issuer: issuer.clone(),
        scope: grants::granted(tx, (client, *api), (&arrival.user_id, request.organization.as_ref()), &request.scope),
        audience: request.audience.clone(),
        session_id: Some(arrival.session_id.clone()),
        auth_time: Some(arrival.auth_time),
        organization: request.organization.clone(),
        gty: None,
    };
    let code = request.response_type.code.then(|| {
        let code = AuthorizationCode {
            grant: grant.clone(),
            requested_scope: request.scope.clone(),
            redirect_uri: request.redirect_uri_was_sent.then(|| request.redirect_uri.clone()),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
            wants_auth_time: request.wants_auth_time(),
            transient: arrival.transient.clone(),
            created_at: tx.now,
        };
        code::keep(tx, code)
    });
    let family = code.as_deref().map(code::family).unwrap_or_default();
    let token = request.response_type.token.then(|| grants::draw(tx, &grant, &family, *api, Channel::Front));
    tx.log(LogEvent {
        client_id: Some(client.client_id.clone()),
        user_id: Some(arrival.user_id.clone()),
        connection: Some(arrival.connection.clone()),
        ..event(if request.asks_prompt("none") { "ssa" } else { "s" }, tx.now, &visitor.ip)
    });
    sweep(tx);
    Ok(Outcome { grant, code, token })
}
