//! Buttons for connections whose people sign in elsewhere. Source: spec/universal-login.md (Hooks).

use std::sync::Arc;

use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::departure;
use crate::authentication::departure::Abroad;
use crate::domain::connection::Connection;
use crate::domain::strategy::Kind;
use crate::domain::transaction::Transaction;
use crate::login::directory;
use crate::login::ongoing::Ongoing;
use crate::store::tenant::Tenant;

/// A button.
pub(super) struct Provider {
    pub(super) data_provider: &'static str,
    /// The connection's name.
    pub(super) connection: String,
    pub(super) label: String,
}

impl Provider {
    /// The letter in the button.
    pub(super) fn initial(&self) -> char {
        self.label.chars().next().unwrap_or('?')
    }
}

/// The buttons of a login: social connections, and enterprise ones that are shown as buttons.
pub(super) fn of(ongoing: &Ongoing) -> Vec<Provider> {
    let shown = ongoing.connections.iter().filter(|connection| match connection.strategy.kind() {
        // The form is its own.
        _ if connection.strategy.has_own_form() && ongoing.connections.len() == 1 => false,
        Kind::Social => true,
        Kind::Enterprise => connection.show_as_button.unwrap_or(false),
        Kind::Database | Kind::Passwordless => false,
    });
    let button = |connection: &Arc<Connection>| Provider {
        data_provider: connection.strategy.data_provider(),
        connection: connection.name.clone(),
        label: connection.display_name.clone().unwrap_or_else(|| connection.strategy.label().to_owned()),
    };
    shown.map(button).collect()
}

/// Whether an address could lead elsewhere: to a company whose people sign in there.
pub(super) fn any_is_a_home(ongoing: &Ongoing) -> bool {
    let has_domain = |connection: &Connection| connection.options.contains_key("tenant_domain");
    ongoing.connections.iter().any(|connection| leads_elsewhere(connection) && has_domain(connection))
}

/// The company that an address belongs to, if its people sign in elsewhere. Source: spec/enterprise.md §6.1.
pub(super) fn home_of<'a>(ongoing: &'a Ongoing, username: &str) -> Option<&'a Arc<Connection>> {
    let domain = username.rsplit_once('@')?.1.trim().to_lowercase();
    let mut companies = ongoing.connections.iter().filter(|one| one.strategy.kind() == Kind::Enterprise);
    companies.find(|connection| connection.is_home_of(&domain)).filter(|connection| leads_elsewhere(connection))
}

fn leads_elsewhere(connection: &Connection) -> bool {
    connection.strategy.kind() == Kind::Enterprise && !connection.strategy.has_own_form()
}

/// Sends the person to the company that their address belongs to, which is told the address.
///
/// # Errors
/// At the app, when the company's provider can't be reached.
pub(super) async fn go_home(
    tenant: &Tenant,
    abroad: &Abroad,
    ongoing: &Ongoing,
    (home, username): (&Connection, &str),
) -> Result<Response, AuthorizeError> {
    let mut transaction = Transaction::clone(&ongoing.transaction);
    transaction.request.login_hint = Some(username.to_owned());
    departure::depart(tenant, abroad, &transaction, home).await
}

/// Sends the person to the connection that they chose.
///
/// # Errors
/// At the app, when the client may not use it or its upstream can't be reached.
pub(super) async fn depart(
    tenant: &Tenant,
    abroad: &Abroad,
    ongoing: &Ongoing,
    name: &str,
) -> Result<Response, AuthorizeError> {
    let chosen = ongoing.connections.iter().find(|connection| connection.name == name);
    let chosen = chosen.filter(|connection| matches!(connection.strategy.kind(), Kind::Social | Kind::Enterprise));
    let connection = chosen.ok_or(Refusal::ConnectionNotEnabled)?;
    if connection.strategy.has_own_form() {
        return directory::choose(tenant, ongoing, connection).await;
    }
    departure::depart(tenant, abroad, &ongoing.transaction, connection).await
}
