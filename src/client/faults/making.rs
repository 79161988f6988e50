//! Faults in the words of a test: where, how often, about whom.

use std::collections::BTreeMap;

use crate::client::faults::{Effect, Fault, Scope};

/// Where.
impl Fault {
    /// At an endpoint of the tenant: `POST /oauth/token`, `/api/v2/*`, `GET /api/v2/users/{id}`.
    pub fn at(endpoint: &str) -> Self {
        Self::of(Scope { endpoint: Some(endpoint.to_owned()), ..Scope::default() })
    }

    /// At every endpoint of the tenant; the control API goes on working.
    pub fn everywhere() -> Self {
        Self::of(Scope::default())
    }

    /// At the tenant's own login page and password grants: for [`Fault::brute_force_block`],
    /// [`Fault::breached_password`] and [`Fault::captcha`].
    pub fn at_login() -> Self {
        Self::everywhere().does(Effect::Captcha {})
    }

    /// At a provider, whoever asks it: `google`, `facebook`, …; `*` for any.
    ///
    /// ```
    /// use impostor::client::faults::Fault;
    ///
    /// let declined = Fault::upstream("google").declines();
    /// let no_tokens = Fault::upstream("google").endpoint("POST /token").status(500).once();
    /// assert_ne!(declined, no_tokens);
    /// ```
    pub fn upstream(name: &str) -> Self {
        Self::of(Scope { upstream: Some(name.to_owned()), ..Scope::default() })
    }

    /// Narrowed to an endpoint: of the provider, where one was named.
    #[must_use]
    pub fn endpoint(mut self, endpoint: &str) -> Self {
        self.scope.endpoint = Some(endpoint.to_owned());
        self
    }

    /// Of what goes to the provider, only what the tenant itself asks, on its back channel.
    #[must_use]
    pub fn when_the_tenant_asks(mut self) -> Self {
        self.scope.caller = Some("tenant".to_owned());
        self
    }

    /// Of what goes to the provider, only what browsers and apps ask.
    #[must_use]
    pub fn when_a_visitor_asks(mut self) -> Self {
        self.scope.caller = Some("visitor".to_owned());
        self
    }

    fn of(scope: Scope) -> Self {
        let effect = Effect::Status { status: 500, body: None, headers: BTreeMap::new() };
        Self { scope, effect, after: 0, times: None, probability: None }
    }
}

/// About whom, and how often.
impl Fault {
    /// Only for this app, by its `client_id`.
    #[must_use]
    pub fn client(mut self, client_id: &str) -> Self {
        self.scope.client = Some(client_id.to_owned());
        self
    }

    /// Only about this person: a `user_id`, an e-mail address, a user name, or `AT:ID` of an account at a provider.
    #[must_use]
    pub fn person(mut self, person: &str) -> Self {
        self.scope.person = Some(person.to_owned());
        self
    }

    /// Lets the first so many pass.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }

    /// Fires so often, and then no more.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Fires once.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Fires with this probability, 0 to 1. Two runs from the same seed fire at the same requests.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_fault_is_what_the_control_api_takes() {
        #[track_caller]
        fn check(fault: &Fault, expected: &Value) {
            assert_eq!(&serde_json::to_value(fault).unwrap(), expected);
        }
        check(
            &Fault::at("POST /oauth/token").status(503).times(2),
            &json!({
                "scope": { "endpoint": "POST /oauth/token" }, "effect": { "kind": "status", "status": 503 }, "times": 2
            }),
        );
        check(
            &Fault::upstream("google").when_the_tenant_asks().reset().after(1).probability(0.5),
            &json!({
                "scope": { "upstream": "google", "caller": "tenant" }, "effect": { "kind": "reset" }, "after": 1,
                "probability": 0.5
            }),
        );
        check(
            &Fault::at_login().person("ana@people.example").brute_force_block(),
            &json!({ "scope": { "person": "ana@people.example" }, "effect": { "kind": "brute_force_block" } }),
        );
        check(
            &Fault::upstream("oidc").clock_behind(Duration::from_mins(10)),
            &json!({ "scope": { "upstream": "oidc" }, "effect": { "kind": "clock_skew", "by": "-PT600S" } }),
        );
    }
}
