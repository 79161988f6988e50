//! The login that a page belongs to.

use std::sync::Arc;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::authorize::transaction;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::strategy::Kind;
use crate::domain::transaction::Transaction;
use crate::login::texts::Texts;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// A login under way, with what its pages show.
pub(super) struct Ongoing {
    pub(super) state: Arc<TenantState>,
    pub(super) transaction: Arc<Transaction>,
    pub(super) client: Arc<Client>,
    /// Those that the client may use, in the order of their names; the one that the app asked for, if it did.
    pub(super) connections: Vec<Arc<Connection>>,
    pub(super) texts: Texts,
    tenant_name: String,
}

impl Ongoing {
    /// The login that `handle` names, if the visitor's browser began it.
    ///
    /// # Errors
    /// The error page, when there is none, it is over, or another browser began it.
    pub(super) fn find(tenant: &Tenant, visitor: &Visitor, handle: Option<&str>) -> Result<Self, AuthorizeError> {
        let state = tenant.read();
        let transaction = transaction::of_browser(&state, handle, visitor, tenant.now())?;
        let client = state.client(transaction.client_id.as_str()).cloned().ok_or(Refusal::UnknownTransaction)?;
        let mut connections = state.connections_of(&client.client_id);
        if let Some(asked) = transaction.request.connection.as_deref() {
            connections.retain(|connection| connection.name == asked);
        }
        if let Some(id) = &transaction.request.organization {
            let organization = state.organizations.get(id.as_str());
            connections.retain(|connection| organization.is_some_and(|there| there.takes(&connection.id)));
        }
        let texts = Texts::of(transaction.request.ui_locales.as_deref());
        let tenant_name = state.settings.friendly_name.clone().unwrap_or_else(|| tenant.name().to_owned());
        Ok(Self { state, transaction, client, connections, texts, tenant_name })
    }

    /// The handle, as forms carry it.
    pub(super) fn handle(&self) -> &str {
        self.transaction.id.as_str()
    }

    pub(super) fn tenant_name(&self) -> &str {
        &self.tenant_name
    }

    /// The connection that the form signs in with by a code, where there is no database to sign in with.
    pub(super) fn passwordless(&self) -> Option<&Arc<Connection>> {
        let mut connections = self.connections.iter();
        let found = connections.find(|connection| connection.strategy.kind() == Kind::Passwordless);
        found.filter(|_| self.database().is_none())
    }

    /// The database that the form signs in with: the tenant's default one where the client has several.
    pub(super) fn database(&self) -> Option<&Arc<Connection>> {
        let databases = || self.connections.iter().filter(|connection| connection.strategy.is_database());
        let default = self.state.settings.default_directory.as_deref();
        databases().find(|database| Some(database.name.as_str()) == default).or_else(|| databases().next())
    }
}
