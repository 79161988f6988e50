//! Buttons for connections whose people sign in elsewhere. Source: spec/universal-login.md (Hooks).

use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::departure;
use crate::authentication::departure::Abroad;
use crate::domain::strategy::Kind;
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
    let button = |connection: &std::sync::Arc<crate::domain::connection::Connection>| Provider {
        data_provider: connection.strategy.data_provider(),
        connection: connection.name.clone(),
        label: connection.display_name.clone().unwrap_or_else(|| connection.strategy.label().to_owned()),
    };
    shown.map(button).collect()
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
