//! What the benchmarks measure: a tenant's state without a server around it. Not part of the promised API: benchmarks
//! are crates of their own and could not reach it otherwise.

use crate::domain::connection::Connection;
use crate::domain::profile::database::NewUser;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::time::Clock;
use crate::time::Rng;

/// A tenant with a database of so many users.
#[derive(Debug)]
pub struct BenchTenant {
    tenant: Tenant,
}

impl BenchTenant {
    /// `users` users, called `auth0|0`, `auth0|1`, … with the addresses `user0@people.example`, ….
    ///
    /// # Errors
    /// A sentence, when the users contradict each other, which they don't.
    pub fn with_users(users: usize) -> Result<Self, String> {
        let connection = serde_json::json!({ "id": "con_1", "name": "db", "strategy": "auth0" });
        let connection: Connection = serde_json::from_value(connection).map_err(|error| error.to_string())?;
        let clock = Clock::default();
        let mut state = TenantState::default();
        for number in 0..users {
            let new = NewUser { email: Some(address(number)), ..NewUser::default() };
            let user = new.into_user(&connection, &number.to_string(), clock.now());
            state.users.put(user).map_err(|error| error.to_string())?;
        }
        Ok(Self { tenant: Tenant::new("bench", state, clock, Rng::new(Some(1))) })
    }

    /// A tenant of its own that begins as this one is.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { tenant: self.tenant.fork("fork") }
    }

    /// Whether there is a user of this number, looked up by id.
    pub fn has_id(&self, number: usize) -> bool {
        self.tenant.read().users.get(&format!("auth0|{number}")).is_some()
    }

    /// The same, looked up by address.
    pub fn has_email(&self, number: usize) -> bool {
        self.tenant.read().users.with_email(&address(number)).next().is_some()
    }
}

fn address(number: usize) -> String {
    format!("user{number}@people.example")
}
