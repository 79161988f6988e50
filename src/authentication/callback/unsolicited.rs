//! A login that begins at the identity provider: a SAML response that this browser didn't wait for.
//! Source: spec/enterprise.md §3.4.

use axum::response::Response;
use serde_json::Value;
use url::form_urlencoded;

use crate::authentication::arrival;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::with_cookies;
use crate::authentication::callback::CallbackRequest;
use crate::authentication::callback::refusal_of;
use crate::authentication::departure::Abroad;
use crate::authentication::samlp::sign_on;
use crate::authentication::visitor::Visitor;
use crate::authentication::wsfed::passive;
use crate::connections::error::Doubt;
use crate::connections::samlp;
use crate::domain::connection::Connection;
use crate::http::parameters::Parameters;
use crate::store::tenant::Tenant;

/// Parameters that the identity provider's side doesn't choose.
const FIXED: [&str; 3] = ["client_id", "connection", "state"];

/// Signs the person in at the connection's default application (`idpinitiated`), as if it had asked for it. There is no
/// `state`, for the application sent none.
///
/// # Errors
/// On our page: the connection takes no such logins, or the response isn't good. At the app: what it isn't allowed.
pub(super) async fn sign_in(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    request: &CallbackRequest,
) -> Result<Response, AuthorizeError> {
    let (state, callback) = (tenant.read(), request.callback());
    // The login that it belongs to is over, or was another browser's.
    let name = request.query.get("connection").ok_or(Refusal::UnknownTransaction)?;
    let found = state.connection_named(name).filter(|connection| connection.strategy.is_saml());
    let connection = found.ok_or(Refusal::ConnectionNotEnabled)?;
    if let Some(asked) = samlp::claimed_request(&callback) {
        let description =
            format!("the response answers the request {asked:?}, which is unknown or was answered before");
        return Err(doubt("in_response_to", description));
    }
    let settings = settings_of(connection)?;
    let party = abroad.party(tenant, connection, &visitor.address);
    let returned = samlp::arrive(party, None, &callback).await.map_err(|error| {
        tracing::info!(connection = connection.name, "failed to {error}");
        refusal_of(error)
    })?;
    let client = || state.client(settings.text("client_id")).ok_or(Refusal::ConnectionNotEnabled);
    let begun = match settings.text("client_protocol") {
        "samlp" => authorize::begin(tenant, abroad, visitor, client()?, &sign_on::unasked(client()?)?).await?,
        "wsfed" => authorize::begin(tenant, abroad, visitor, client()?, &passive::unasked(client()?, None)?).await?,
        _ => {
            let parameters = settings.parameters(connection, request)?;
            authorize::begin_unasked(tenant, abroad, visitor, &parameters).await?
        }
    };
    let proof = Proof::Returned(returned);
    let signed_in = arrival::sign_in(tenant, visitor, &begun.transaction, connection, proof).await?;
    Ok(with_cookies(signed_in, begun.cookies))
}

/// The settings of a connection that takes such logins (`idpinitiated`).
struct Settings<'a>(&'a Value);

/// The settings, when their client may use the connection.
fn settings_of(connection: &Connection) -> Result<Settings<'_>, AuthorizeError> {
    let settings = connection.options.get("idpinitiated").filter(|settings| settings["enabled"] == Value::Bool(true));
    let Some(settings) = settings.map(Settings) else {
        let description = format!("IdP-Initiated login is not enabled for connection \"{}\".", connection.name);
        return Err(doubt("in_response_to", description));
    };
    if !connection.is_enabled_for(&settings.text("client_id").into()) {
        return Err(Refusal::ConnectionNotEnabled.into());
    }
    Ok(settings)
}

impl<'a> Settings<'a> {
    fn text(&self, name: &str) -> &'a str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// What the default application would ask for (`client_authorizequery`): a code, unless it says otherwise.
    fn parameters(&self, connection: &Connection, request: &CallbackRequest) -> Result<Parameters, AuthorizeError> {
        let asked = Parameters::of_form(self.text("client_authorizequery").as_bytes()).map_err(Refusal::from)?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", self.text("client_id")).append_pair("connection", &connection.name);
        if !asked.has("response_type") {
            query.append_pair("response_type", "code");
        }
        if let Some(organization) = request.query.get("organization").filter(|_| !asked.has("organization")) {
            query.append_pair("organization", organization);
        }
        query.extend_pairs(asked.pairs().filter(|(name, _)| !FIXED.contains(name)));
        Ok(Parameters::of_form(query.finish().as_bytes()).map_err(Refusal::from)?)
    }
}

fn doubt(check: &'static str, description: String) -> AuthorizeError {
    Refusal::Assertion(Box::new(Doubt { check, description, message: None })).into()
}
