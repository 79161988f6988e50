//! What the benchmarks measure: a tenant's state without a server around it. Not part of the promised API: benchmarks
//! are crates of their own and could not reach it otherwise.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::connection::Connection;
use crate::domain::profile::database::NewUser;
use crate::store::search::sort::Sort;
use crate::store::search::users::UserFilter;
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
    /// `users` users, called `auth0|0`, `auth0|1`, … with the addresses `user0@people.example`, … and some metadata.
    ///
    /// # Errors
    /// A sentence, when the users contradict each other, which they don't.
    pub fn with_users(users: usize) -> Result<Self, String> {
        let connection = json!({ "id": "con_1", "name": "db", "strategy": "auth0" });
        let connection: Connection = serde_json::from_value(connection).map_err(|error| error.to_string())?;
        let clock = Clock::default();
        let mut state = TenantState::default();
        for number in 0..users {
            let new = NewUser { email: Some(address(number)), ..NewUser::default() };
            let mut user = new.into_user(&connection, &number.to_string(), clock.now());
            user.user_metadata = Some(user_metadata(number).into());
            user.app_metadata = Some(app_metadata(number).into());
            user.logins_count = Some(number as u64 % 50);
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

    /// How many users a query finds, brought into the order of `sort`.
    ///
    /// # Errors
    /// A sentence, when it is no query or no order.
    pub fn search(&self, query: &str, sort: Option<&str>) -> Result<usize, String> {
        let filter = UserFilter::parse(query).map_err(|error| error.to_string())?;
        let sort = sort.map(Sort::parse).transpose().map_err(|error| format!("{error:?}"))?;
        let mut found = filter.find(&self.tenant.read().users);
        if let Some(sort) = sort {
            sort.apply(&mut found);
        }
        Ok(found.len())
    }
}

fn user_metadata(number: usize) -> Map<String, Value> {
    let color = if number.is_multiple_of(3) { "red" } else { "blue" };
    let address = json!({ "street": "1 Invented Street", "city": format!("City {}", number % 100), "zip": number });
    [("color".to_owned(), color.into()), ("addresses".to_owned(), json!([address]))].into_iter().collect()
}

fn app_metadata(number: usize) -> Map<String, Value> {
    let plan = if number.is_multiple_of(10) { "full" } else { "free" };
    let roles = json!(["reader", "writer", format!("team-{}", number % 1000)]);
    [("plan".to_owned(), plan.into()), ("roles".to_owned(), roles)].into_iter().collect()
}

fn address(number: usize) -> String {
    format!("user{number}@people.example")
}
