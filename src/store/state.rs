//! All that a tenant knows. Cloning is O(1).

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::Vector;

use crate::domain::authentication_method::AuthenticationMethod;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::directory_login::DirectoryLogin;
use crate::domain::grant::ClientGrant;
use crate::domain::grant::Consent;
use crate::domain::id::ClientGrantId;
use crate::domain::id::ClientId;
use crate::domain::id::ConnectionId;
use crate::domain::id::OrganizationId;
use crate::domain::id::ResourceServerId;
use crate::domain::id::RoleId;
use crate::domain::id::TransactionId;
use crate::domain::id::UserId;
use crate::domain::job::Job;
use crate::domain::log::LogEvent;
use crate::domain::message::Message;
use crate::domain::organization::Organization;
use crate::domain::passcode::Passcode;
use crate::domain::resource_server::ResourceServer;
use crate::domain::role::Role;
use crate::domain::session::AuthorizationCode;
use crate::domain::session::Farewell;
use crate::domain::session::OpaqueToken;
use crate::domain::session::Session;
use crate::domain::session::UpstreamLogout;
use crate::domain::signing::SigningSlots;
use crate::domain::tenant::OwnSettings;
use crate::domain::tenant::TenantSettings;
use crate::domain::ticket::Ticket;
use crate::domain::transaction::Transaction;
use crate::domain::user::MOST_FAILURES;
use crate::store::authorizations::Authorizations;
use crate::store::memberships::Memberships;
use crate::store::refresh_tokens::RefreshTokens;
use crate::store::table::Table;
use crate::store::traces::Traces;
use crate::store::users::Users;
use crate::time::Timestamp;

/// SHA-256 of a secret that somebody outside holds (a cookie, a code, a token): tables are keyed by it,
/// so that what the tenant knows does not open anything.
pub(crate) type SecretHash = [u8; 32];

/// A tenant's half of the state (the fakes' half is `upstreams`').
#[derive(Clone, Debug, Default)]
pub(crate) struct TenantState {
    pub(crate) settings: Arc<TenantSettings>,
    pub(crate) own: Arc<OwnSettings>,
    /// Host names besides the built-in ones that this tenant answers to.
    pub(crate) domains: Arc<Vec<String>>,
    pub(crate) signing: Arc<SigningSlots>,
    pub(crate) clients: Table<ClientId, Client>,
    pub(crate) connections: Table<ConnectionId, Connection>,
    pub(crate) resource_servers: Table<ResourceServerId, ResourceServer>,
    pub(crate) client_grants: Table<ClientGrantId, ClientGrant>,
    pub(crate) roles: Table<RoleId, Role>,
    pub(crate) users: Users,
    /// Who has which roles and permissions.
    pub(crate) authorizations: Authorizations,
    pub(crate) organizations: Table<OrganizationId, Organization>,
    pub(crate) memberships: Memberships,
    /// By the user and the id of the device.
    pub(crate) authentication_methods: Table<(UserId, String), AuthenticationMethod>,
    pub(crate) consents: Table<(UserId, ClientId, Option<String>), Consent>,
    pub(crate) sessions: Table<SecretHash, Session>,
    pub(crate) transactions: Table<TransactionId, Transaction>,
    /// Logins whose person is at an upstream, by the hash of the `state` that was sent there; each is good once.
    pub(crate) visits: Table<SecretHash, TransactionId>,
    /// Logouts whose person is at an identity provider, by the hash of the `RelayState` sent there.
    pub(crate) upstream_logouts: Table<SecretHash, UpstreamLogout>,
    /// Single logouts under way, by the hash of the `RelayState` sent to the service provider that is being told.
    pub(crate) farewells: Table<SecretHash, Farewell>,
    /// Assertions that were used, by the hash of issuer and id, and until when they would be good.
    pub(crate) assertions: Table<SecretHash, Timestamp>,
    pub(crate) codes: Table<SecretHash, AuthorizationCode>,
    pub(crate) refresh_tokens: RefreshTokens,
    pub(crate) opaque_tokens: Table<SecretHash, OpaqueToken>,
    /// Failed logins in a row by (identifier, address): ten block the pair (spec/universal-login.md).
    pub(crate) failed_logins: Table<(String, String), u32>,
    /// By the connection and the name as typed.
    pub(crate) directory_logins: Table<(String, String), DirectoryLogin>,
    /// Codes that were sent, by the hash of connection and address: so they lie in no order, and are swept like the rest.
    pub(crate) passcodes: Table<SecretHash, Passcode>,
    pub(crate) tickets: Table<SecretHash, Ticket>,
    /// The ticket mailed last to change the password of an identity: the ones before it are worth nothing.
    pub(crate) newest_resets: Table<UserId, SecretHash>,
    pub(crate) jobs: Table<String, Job>,
    /// Mails sent, oldest first.
    pub(crate) outbox: Vector<Arc<Message>>,
    /// How the attributes of people came about at their last logins.
    pub(crate) traces: Traces,
    /// The tenant log, oldest first, each event with its number.
    pub(crate) logs: Vector<(u64, Arc<LogEvent>)>,
}

impl TenantState {
    pub(crate) fn client(&self, id: &str) -> Option<&Arc<Client>> {
        self.clients.get(id)
    }

    pub(crate) fn connection_named(&self, name: &str) -> Option<&Arc<Connection>> {
        self.connections.rows().find(|connection| connection.name == name)
    }

    /// The connections that a client may use, in the order of their names.
    pub(crate) fn connections_of(&self, client: &ClientId) -> Vec<Arc<Connection>> {
        let mut enabled: Vec<_> =
            self.connections.rows().filter(|connection| connection.is_enabled_for(client)).cloned().collect();
        enabled.sort_by(|one, other| one.name.cmp(&other.name));
        enabled
    }

    /// The API with this identifier. The Management API's is `domain::resource_server::MANAGEMENT_IDENTIFIER`.
    pub(crate) fn resource_server_named(&self, identifier: &str) -> Option<&Arc<ResourceServer>> {
        self.resource_servers.rows().find(|api| api.identifier == identifier)
    }

    /// The addresses that failed logins have blocked for a user.
    pub(crate) fn blocked_addresses(&self, id: &UserId) -> impl Iterator<Item = String> {
        let theirs = self.failed_logins.entries().filter(move |((user_id, _), _)| user_id == id.as_str());
        theirs.filter(|(_, failures)| ***failures >= MOST_FAILURES).map(|((_, ip), _)| ip.clone())
    }

    /// The organization with this name.
    pub(crate) fn organization_named(&self, name: &str) -> Option<&Arc<Organization>> {
        self.organizations.rows().find(|organization| organization.name == name)
    }

    /// What the client may do at an API in its own name.
    pub(crate) fn client_grant(&self, client: &ClientId, audience: &str) -> Option<&Arc<ClientGrant>> {
        let mut grants = self.client_grants.rows();
        grants.find(|grant| grant.client_id == *client && grant.audience == audience && grant.is_for("client"))
    }

    /// What a user may do at an API, by themselves, by their roles and by those in the organization that they signed in
    /// to: the names, in order (spec/tokens.md §7).
    pub(crate) fn permissions_at(
        &self,
        user: &UserId,
        organization: Option<&OrganizationId>,
        api: &str,
    ) -> Vec<String> {
        let membership = organization.and_then(|organization| self.memberships.get(organization, user));
        let there = membership.iter().flat_map(|membership| &membership.roles);
        let roles = self.authorizations.roles_of(user).into_iter().chain(there).filter_map(|role| self.roles.get(role));
        let own = self.authorizations.rights_of(user);
        let rights = roles.flat_map(|role| &role.permissions).chain(own).filter(|right| right.api == api);
        rights.map(|right| right.name.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}
