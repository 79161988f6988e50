//! `/oidc/logout/confirm`: whether the person wants to be logged out. Source: spec/authentication-api.md §5.
//!
//! Its look, and what comes of "no", are unverified. What the app sent to `/oidc/logout` stands in the query, and in
//! the form that the page posts, with a proof that no other site can know.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::error::settle;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::departure::Abroad;
use crate::authentication::oidc_logout;
use crate::authentication::oidc_logout::LogoutParameters;
use crate::authentication::oidc_logout::Wish;
use crate::authentication::visitor::Visitor;
use crate::http::parameters::Parameters;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::login::page;
use crate::login::texts::Texts;
use crate::store::tenant::Tenant;

/// The fields of the form that are the page's own.
const ACTION: &str = "action";
const PROOF: &str = "proof";

#[derive(Template)]
#[template(path = "login/log_out.html")]
struct LogOutPage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    /// What the form posts; nothing when the person has said no.
    fields: Vec<(&'a str, &'a str)>,
}

/// `GET /oidc/logout/confirm`
pub(super) async fn show(
    tenant: Tenant,
    abroad: Abroad,
    visitor: Visitor,
    parameters: Result<LogoutParameters, AuthorizeError>,
) -> Response {
    let result = match parameters {
        Ok(parameters) => ask(&tenant, &abroad.keyring, &visitor, &parameters.0).await,
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

/// `POST /oidc/logout/confirm`: `action` is `accept` or `deny`. A form without the page's proof is asked again.
pub(super) async fn submit(
    tenant: Tenant,
    abroad: Abroad,
    visitor: Visitor,
    parameters: Result<LogoutParameters, AuthorizeError>,
) -> Response {
    let result = match parameters {
        Ok(parameters) => decide(&tenant, &abroad, &visitor, &parameters.0).await,
        Err(error) => Err(error),
    };
    settle(result, &tenant, &visitor).await
}

async fn ask(
    tenant: &Tenant,
    keyring: &Keyring,
    visitor: &Visitor,
    parameters: &Parameters,
) -> Result<Response, AuthorizeError> {
    // A mistake is told before anybody is asked.
    Wish::read(tenant, keyring, visitor, parameters).await?;
    let proof = oidc_logout::proof(visitor);
    let fields = parameters.pairs().filter(|(name, _)| ![ACTION, PROOF].contains(name));
    render(tenant, parameters, fields.chain([(PROOF, proof.as_str())]).collect())
}

async fn decide(
    tenant: &Tenant,
    abroad: &Abroad,
    visitor: &Visitor,
    parameters: &Parameters,
) -> Result<Response, AuthorizeError> {
    let shown = parameters.get(PROOF).unwrap_or_default();
    if !digest::constant_time_eq(shown.as_bytes(), oidc_logout::proof(visitor).as_bytes()) {
        return ask(tenant, &abroad.keyring, visitor, parameters).await;
    }
    match parameters.get(ACTION) {
        Some("accept") => {
            let wish = Wish::read(tenant, &abroad.keyring, visitor, parameters).await?;
            wish.fulfil(tenant, abroad, visitor).await
        }
        Some("deny") => render(tenant, parameters, Vec::new()),
        _ => Err(Refusal::InvalidRequest("the form says neither accept nor deny".into()).into()),
    }
}

fn render(tenant: &Tenant, parameters: &Parameters, fields: Vec<(&str, &str)>) -> Result<Response, AuthorizeError> {
    let state = tenant.read();
    let texts = Texts::of(parameters.get("ui_locales"));
    let tenant_name = state.settings.friendly_name.as_deref().unwrap_or(tenant.name());
    Ok(page::answer(&state, StatusCode::OK, &LogOutPage { texts, tenant_name, fields })?)
}
