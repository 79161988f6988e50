//! `/wsfed`: a relying party sends somebody, to sign in or out. Source: spec/enterprise.md §5.2.

use std::sync::Arc;

use axum::response::Response;
use url::form_urlencoded;

use crate::authentication::authorize;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle_of;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::departure::Abroad;
use crate::authentication::logout;
use crate::authentication::visitor::Visitor;
use crate::authentication::wsfed;
use crate::authentication::wsfed::Came;
use crate::domain::client::Client;
use crate::domain::transaction::AuthorizationRequest;
use crate::http::parameters::Parameters;
use crate::protocols::wsfed::request::Action;
use crate::protocols::wsfed::request::SignIn;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// How long a text of a request may be that is kept until it is answered, in bytes.
const LONGEST: usize = 8 * 1024;

/// `GET /wsfed` and `GET /wsfed/{client}`
pub(in crate::authentication) async fn passive(
    tenant: Tenant,
    abroad: Abroad,
    visitor: Visitor,
    came: Came,
) -> Response {
    let result = go(&tenant, &abroad, &visitor, &came).await;
    settle_of(result, &tenant, &visitor, came.client.as_deref()).await
}

async fn go(tenant: &Tenant, abroad: &Abroad, visitor: &Visitor, came: &Came) -> Result<Response, AuthorizeError> {
    let state = tenant.read();
    let wa = came.query.get("wa");
    let unknown =
        || Refusal::InvalidRequest(format!("wa is none that is known here: {}", wa.unwrap_or_default()).into());
    let action = Action::of(wa).ok_or_else(unknown)?;
    let realm = came.query.get("wtrealm").filter(|realm| !realm.is_empty());
    let client = wsfed::client(&state, came.client.as_deref(), realm)?;
    match action {
        Action::SignIn => {
            let client = client.ok_or(Refusal::MissingParameter("wtrealm"))?;
            let request = asked(&state, client, &came.query)?;
            authorize::enter(tenant, abroad, visitor, client, (request, &came.query)).await
        }
        Action::SignOut => {
            let reply = came.query.get("wreply");
            logout::go(tenant, abroad, visitor, &logout_query(client.map(|client| &**client), reply)?).await
        }
        Action::CleanUp => {
            logout::end(tenant, visitor, client.map(|client| &**client)).await?;
            Ok(logout::done(visitor))
        }
    }
}

/// A sign-in as a request of ours. The address of the answer is one of the client's callbacks.
fn asked(state: &TenantState, client: &Client, query: &Parameters) -> Result<AuthorizationRequest, AuthorizeError> {
    wsfed::check_addon(client)?;
    let asked = SignIn::read(|name| query.get(name)).map_err(|why| Refusal::InvalidRequest(why.into()))?;
    let texts = [&asked.realm, &asked.reply, &asked.context, &asked.home_realm, &asked.user_name];
    if texts.into_iter().flatten().any(|text| text.len() > LONGEST) {
        return Err(Refusal::InvalidRequest("a part of the request is too long".into()).into());
    }
    let request = unasked(client, asked.reply.as_deref())?;
    let (prompt, max_age) = match asked.freshness {
        Some(0) => (vec!["login".to_owned()], None),
        minutes => (Vec::new(), minutes.map(|minutes| i64::from(minutes).saturating_mul(60))),
    };
    Ok(AuthorizationRequest {
        state: asked.context,
        wsfed: asked.realm.map(Arc::from).or(request.wsfed),
        connection: asked.home_realm.map(|home| connection_of(state, &home)),
        login_hint: asked.user_name.or_else(|| query.get("login_hint").map(str::to_owned)),
        prompt,
        max_age,
        ..request
    })
}

/// A sign-in for this client that nobody asked for; `reply` is the address of the answer, or its first callback is.
///
/// # Errors
/// On our page, when the address isn't the client's, or it has none.
pub(in crate::authentication) fn unasked(
    client: &Client,
    reply: Option<&str>,
) -> Result<AuthorizationRequest, AuthorizeError> {
    wsfed::check_addon(client)?;
    let page = |refusal| AuthorizeError::Page { refusal, back: client.initiate_login_uri.clone() };
    let listed = || client.callbacks.iter().flatten().find(|url| !url.contains('*')).cloned();
    let reply = match reply {
        Some(reply) if client.allows_callback(reply) => reply.to_owned(),
        Some(_) => return Err(page(Refusal::CallbackMismatch)),
        None => listed().ok_or_else(|| page(Refusal::NoCallback))?,
    };
    Ok(AuthorizationRequest { wsfed: Some(wsfed::realm_of(client).into()), ..AuthorizationRequest::posted_to(reply) })
}

/// `whr`: a connection's name, also as `urn:NAME`.
fn connection_of(state: &TenantState, home: &str) -> String {
    let plain = home.strip_prefix("urn:").filter(|name| state.connection_named(home).is_none() && !name.is_empty());
    plain.unwrap_or(home).to_owned()
}

/// The same as `/v2/logout` is asked.
fn logout_query(client: Option<&Client>, reply: Option<&str>) -> Result<Parameters, AuthorizeError> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(client.map(|client| ("client_id", client.client_id.as_str())));
    query.extend_pairs(reply.filter(|reply| !reply.is_empty()).map(|reply| ("returnTo", reply)));
    Ok(Parameters::of_form(query.finish().as_bytes()).map_err(Refusal::from)?)
}
