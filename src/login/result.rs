//! Pages that belong to no login: what a ticket of a mail opens, and what came of it. Source: spec/management-api.md §8.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::response::redirect;
use crate::domain::ticket::Outcome;
use crate::domain::ticket::Support;
use crate::domain::ticket::Ticket;
use crate::http::failure::Failure;
use crate::http::parameters::Parameters;
use crate::login::page;
use crate::login::texts::Texts;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// The `ticket` of a page's query; empty when it is missing or doubled.
pub(super) struct Secret(pub(super) String);

impl<S: Sync> FromRequestParts<S> for Secret {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = Parameters::of_form(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self(query.ok().and_then(|query| query.get("ticket").map(str::to_owned)).unwrap_or_default()))
    }
}

/// The way back to the app that a ticket was asked for.
pub(super) struct Back {
    href: String,
    label: String,
}

#[derive(Template)]
#[template(path = "login/result.html")]
struct ResultPage<'a> {
    texts: Texts,
    tenant_name: &'a str,
    title: &'a str,
    heading: &'a str,
    text: &'a str,
    back: Option<Back>,
}

/// What a page says.
#[derive(Clone, Copy)]
pub(super) struct Said {
    pub(super) title: &'static str,
    pub(super) heading: &'static str,
    pub(super) text: &'static str,
}

/// Sends the holder of a ticket where it leads, or shows a page that says what came of it.
pub(super) fn show(tenant: &Tenant, texts: Texts, ticket: Option<&Ticket>, outcome: Outcome, said: Said) -> Response {
    let state = tenant.read();
    let address = ticket.and_then(|ticket| ticket.result_address(support(&state, ticket), outcome));
    if let Some(address) = address {
        return redirect(&address).unwrap_or_else(Failure::into_response);
    }
    let tenant_name = name_of(tenant, &state);
    let back = ticket.and_then(|ticket| back(&state, texts, ticket));
    let Said { title, heading, text } = said;
    let page = ResultPage { texts, tenant_name: &tenant_name, title, heading, text, back };
    let status = if outcome.success { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    page::answer(&state, status, &page).unwrap_or_else(Failure::into_response)
}

/// The tenant's name, as people know it.
pub(super) fn name_of(tenant: &Tenant, state: &TenantState) -> String {
    state.settings.friendly_name.clone().unwrap_or_else(|| tenant.name().to_owned())
}

fn support(state: &TenantState, ticket: &Ticket) -> Support {
    let connection = state.connection_named(&ticket.mailbox.connection);
    Support {
        sign_up: connection.is_some_and(|connection| !connection.signup_is_disabled()),
        forgot_password: connection.is_some_and(|connection| connection.resets_passwords()),
    }
}

fn back(state: &TenantState, texts: Texts, ticket: &Ticket) -> Option<Back> {
    let client = state.client(ticket.client_id.as_ref()?.as_str())?;
    let href = client.initiate_login_uri.clone()?;
    Some(Back { href, label: texts.back_to(&client.name) })
}
