//! One write: a private copy of the state, the time and the random source. What two places change alike is a method here.

use std::ops::Deref;
use std::ops::DerefMut;
use std::sync::Arc;

use crate::cell::Draft;
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::grant::ClientGrant;
use crate::domain::id::UserId;
use crate::domain::log::LogEvent;
use crate::domain::resource_server::ResourceServer;
use crate::domain::role::Right;
use crate::domain::role::Role;
use crate::domain::user::Identity;
use crate::domain::user::User;
use crate::store::error::StoreError;
use crate::store::state::TenantState;
use crate::time::Rng;
use crate::time::Timestamp;

/// How many events the tenant log keeps; the oldest go first.
const MOST_LOGS: usize = 10_000;

/// A write under way. It reads and changes the state as a plain value.
pub(crate) struct Tx<'a> {
    /// When the write happens.
    pub(crate) now: Timestamp,
    draft: &'a mut Draft<TenantState>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(draft: &'a mut Draft<TenantState>) -> Self {
        Self { now: draft.now, draft }
    }

    /// Ids, codes and secrets are drawn from here, so that a seed fixes them.
    pub(crate) fn rng(&mut self) -> &mut Rng {
        self.draft.rng()
    }

    /// The user with this id, to be changed and put back.
    pub(crate) fn user(&self, id: &UserId) -> Option<User> {
        self.users.get(id.as_str()).map(|user| User::clone(user))
    }

    /// # Errors
    /// As [`crate::store::users::Users::put`].
    pub(crate) fn put_user(&mut self, user: User) -> Result<(), StoreError> {
        self.users.put(user)
    }

    /// Takes a user out with all that is known of it: what hangs on it, and how its attributes came about.
    pub(crate) fn remove_user(&mut self, id: &UserId) -> Option<Arc<User>> {
        let removed = self.take_user(id)?;
        for identity in &removed.identities {
            self.traces.forget(&identity.as_user_id());
        }
        Some(removed)
    }

    /// Takes a user out with what hangs on it: sessions, consents, codes and tokens. What is known of its identities
    /// stays, as they are to be another user's.
    pub(crate) fn take_user(&mut self, id: &UserId) -> Option<Arc<User>> {
        let removed = self.users.remove(id.as_str())?;
        self.memberships.remove_user(id);
        self.authorizations.remove_user(id);
        self.authentication_methods.retain(|_, method| method.user_id != *id);
        self.sessions.retain(|_, session| session.user_id != *id);
        self.consents.retain(|_, consent| consent.user_id != *id);
        self.codes.retain(|_, code| code.grant.user_id != *id);
        self.opaque_tokens.retain(|_, token| token.grant.user_id != *id);
        self.tickets.retain(|_, ticket| ticket.mailbox.user_id != *id);
        self.forget_failures(id);
        Some(removed)
    }

    /// Takes a connection out, with the users who are of it. Who only has an account of it linked loses that account:
    /// nobody could ever sign in with it again (what becomes of those is unverified).
    pub(crate) fn remove_connection(&mut self, id: &str) -> Option<Arc<Connection>> {
        let removed = self.connections.remove(id)?;
        let is_of = |identity: &Identity| identity.connection == removed.name;
        let concerned: Vec<_> =
            self.users.in_order().filter(|user| user.identities.iter().any(is_of)).cloned().collect();
        for user in concerned {
            if user.primary().is_some_and(is_of) {
                self.remove_user(&user.user_id);
                continue;
            }
            let mut user = User::clone(&user);
            for identity in user.identities.iter().filter(|identity| is_of(identity)) {
                self.traces.forget(&identity.as_user_id());
            }
            user.identities.retain(|identity| !is_of(identity));
            // A user with less is in nobody's way.
            let _ = self.put_user(user);
        }
        Some(removed)
    }

    /// Takes a client out with what hangs on it: its grants to APIs, what people allowed it, its codes and tokens, and
    /// its place in connections.
    pub(crate) fn remove_client(&mut self, id: &str) -> Option<Arc<Client>> {
        let removed = self.clients.remove(id)?;
        let id = &removed.client_id;
        self.client_grants.retain(|_, grant| grant.client_id != *id);
        self.consents.retain(|_, consent| consent.client_id != *id);
        self.codes.retain(|_, code| code.grant.client_id != *id);
        self.refresh_tokens.retain(|_, token| token.grant.client_id != *id);
        self.opaque_tokens.retain(|_, token| token.grant.client_id != *id);
        let enabled: Vec<_> =
            self.connections.rows().filter(|connection| connection.is_enabled_for(id)).cloned().collect();
        for connection in enabled {
            let mut connection = Connection::clone(&connection);
            connection.enable(id, false);
            self.connections.put(connection.id.clone(), connection);
        }
        Some(removed)
    }

    /// Takes a role out, and from all who have it.
    pub(crate) fn remove_role(&mut self, id: &str) -> Option<Arc<Role>> {
        let removed = self.roles.remove(id)?;
        self.authorizations.remove_role(&removed.id);
        Some(removed)
    }

    /// Takes an API out with what hangs on it: permissions, grants of clients, what people allowed at it.
    pub(crate) fn remove_resource_server(&mut self, id: &str) -> Option<Arc<ResourceServer>> {
        let removed = self.resource_servers.remove(id)?;
        self.retain_rights(|right| right.api != removed.identifier);
        self.client_grants.retain(|_, grant| grant.audience != removed.identifier);
        self.consents.retain(|_, consent| consent.audience.as_ref() != Some(&removed.identifier));
        Some(removed)
    }

    /// Puts a changed API in its place. Scopes that it does not define any more are taken from roles, users and clients.
    pub(crate) fn change_resource_server(&mut self, api: ResourceServer) {
        let before = self.resource_servers.get(&api.id).map(|before| before.scopes.clone()).unwrap_or_default();
        let is_gone = |audience: &str, scope: &str| {
            audience == api.identifier && !api.defines(scope) && before.iter().any(|known| known.value == scope)
        };
        self.retain_rights(|right| !is_gone(&right.api, &right.name));
        let loses = |grant: &ClientGrant| grant.scope.iter().any(|scope| is_gone(&grant.audience, scope));
        let grants: Vec<_> = self.client_grants.rows().filter(|grant| loses(grant)).cloned().collect();
        for grant in grants {
            let mut grant = ClientGrant::clone(&grant);
            grant.scope.retain(|scope| !is_gone(&grant.audience, scope));
            self.client_grants.put(grant.id.clone(), grant);
        }
        self.resource_servers.put(api.id.clone(), api);
    }

    /// Takes the permissions that `keep` does not want from roles and users.
    fn retain_rights(&mut self, keep: impl Fn(&Right) -> bool) {
        let roles: Vec<_> = self.roles.rows().filter(|role| !role.permissions.iter().all(&keep)).cloned().collect();
        for role in roles {
            let mut role = Role::clone(&role);
            role.permissions.retain(&keep);
            self.roles.put(role.id.clone(), role);
        }
        self.authorizations.retain_rights(keep);
    }

    /// Adds an event to the tenant log.
    pub(crate) fn log(&mut self, event: LogEvent) {
        let last = self.logs.back().map_or(0, |(number, _)| *number);
        self.logs.push_back((last + 1, Arc::new(event)));
        if self.logs.len() > MOST_LOGS {
            self.logs.pop_front();
        }
    }
}

impl Deref for Tx<'_> {
    type Target = TenantState;

    fn deref(&self) -> &TenantState {
        self.draft
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut TenantState {
        self.draft
    }
}
