//! `GET /passwordless/verify_redirect`: the link of a mail signs in, and goes on to `/authorize` as the app asked.
//! Source: spec/authentication-api.md §7.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::Uri;
use axum::http::header;
use axum::response::Response;
use url::form_urlencoded::Serializer;

use crate::authentication::arrival;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::with_cookies;
use crate::authentication::passwordless::passcodes;
use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::strategy::Kind;
use crate::http::parameters::Parameters;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// Parameters that are the link's own; `prompt` would ask again for what the link has just proved.
const OWN: &[&str] = &["connection", "email", "phone_number", "verification_code", "prompt"];

/// Signs in whoever has the link, in any browser: the code in it is good once.
pub(crate) async fn follow(tenant: Tenant, visitor: Visitor, uri: Uri) -> Response {
    let result = match Parameters::of_form(uri.query().unwrap_or_default().as_bytes()) {
        Ok(parameters) => sign_in(&tenant, &visitor, &parameters).await,
        Err(error) => Err(AuthorizeError::page(error.into())),
    };
    let mut response = settle(result, &tenant, &visitor).await;
    // The address holds the code.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn sign_in(tenant: &Tenant, visitor: &Visitor, parameters: &Parameters) -> Result<Response, AuthorizeError> {
    let (client, connection) = parties(&tenant.read(), parameters)?;
    let get = |name: &'static str| parameters.get(name).ok_or(Refusal::MissingParameter(name));
    let address = get(passcodes::attribute(&connection)).map_err(AuthorizeError::page)?;
    let code = get("verification_code").map_err(AuthorizeError::page)?;
    let tried = passcodes::prove(tenant, (&client.client_id, &connection), address, code).await?;
    let proven = tried.map_err(|_| AuthorizeError::page(Refusal::WrongVerificationCode))?;
    let begun = tenant
        .write(|tx| -> Result<Option<session::Begun>, AuthorizeError> {
            let arrived = arrival::take_in(tx, visitor, &connection, Proof::Passcode(proven))?;
            Ok((!arrived.is_blocked).then(|| session::begin(tx, visitor, &arrived.user_id, &connection.name)))
        })
        .await?;
    let Some(begun) = begun else { return Err(AuthorizeError::page(Refusal::UserBlocked)) };
    let mut query = Serializer::new(String::new());
    query.extend_pairs(parameters.pairs().filter(|(name, _)| !OWN.contains(name) && *name != "client_id"));
    query.append_pair("client_id", client.client_id.as_str());
    if parameters.get("response_type").is_none() {
        query.append_pair("response_type", "code");
    }
    let on = redirect(&format!("/authorize?{}", query.finish()))?;
    Ok(with_cookies(on, visitor.session_cookies(&begun.secret, &tenant.read().settings)))
}

/// Whose login it is, and by which connection.
fn parties(state: &TenantState, parameters: &Parameters) -> Result<(Arc<Client>, Arc<Connection>), AuthorizeError> {
    let id = parameters.get("client_id").unwrap_or_default();
    let client = state.client(id).ok_or_else(|| AuthorizeError::page(Refusal::UnknownClient(id.to_owned())))?;
    let connection = parameters.get("connection").and_then(|name| state.connection_named(name));
    let connection = connection.filter(|connection| connection.strategy.kind() == Kind::Passwordless);
    let connection = connection.filter(|connection| connection.is_enabled_for(&client.client_id));
    let connection = connection.ok_or_else(|| AuthorizeError::page(Refusal::ConnectionNotEnabled))?;
    Ok((Arc::clone(client), Arc::clone(connection)))
}
