//! Which requests a fault is about.

use axum::http::Method;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::faults::pattern::Endpoint;

/// Which requests a fault is about. What is given must all hold; without any, it is about every request to the tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = FaultScope)]
pub(crate) struct Scope {
    /// Method (or none, for any) and path: `POST /oauth/token`, `/api/v2/*`, `GET /api/v2/users/{id}`. Of the tenant; with
    /// `upstream`, of that provider: `POST /token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "POST /oauth/token")]
    pub(crate) endpoint: Option<Endpoint>,
    /// Requests to this provider (`google`, `facebook`, …; `*` for any) instead of those to the tenant: to the fake, or to
    /// the server that a connection of that kind names. `ad` are the tenant's own connections to the embedded directory,
    /// `saml` the SAML identity providers, each of which has its own name, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upstream: Option<String>,
    /// Who asks the provider: `tenant`, or `visitor` (a browser or an app).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) caller: Option<Caller>,
    /// The `client_id` of the app; with `upstream`, the one that the provider knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client: Option<String>,
    /// Whom the request is about: a `user_id`, an e-mail address, a user name, or `AT:ID` of an account at a provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<String>,
}

/// Who asks a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FaultCaller)]
pub(crate) enum Caller {
    /// The tenant itself, on its back channel.
    Tenant,
    /// A browser or an app.
    Visitor,
}

/// Any provider.
const ANY: &str = "*";

/// What the SAML identity providers are called together; each also has a name of its own, with which its paths begin.
pub(crate) const SAML: &str = "saml";

/// What a request is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) method: &'a Method,
    /// As it was sent; of a provider, what follows its base.
    pub(crate) path: &'a str,
    /// The provider that is asked; `None` for the tenant.
    pub(crate) upstream: Option<&'a str>,
    pub(crate) caller: Caller,
}

/// Whom a request is from and about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Who {
    /// The `client_id`, if it can be told.
    pub(crate) client: Option<String>,
    /// All that the person is called: user ids, addresses, names, `AT:ID` of accounts.
    pub(crate) people: Vec<String>,
}

impl Scope {
    /// Whether a request is one of these, as far as can be told from its head.
    pub(crate) fn fits(&self, subject: &Subject<'_>) -> bool {
        let of_upstream = match (self.upstream.as_deref(), subject.upstream) {
            (None, None) | (Some(ANY), Some(_)) => true,
            (Some(wanted), Some(SAML)) => wanted == SAML || subject.path.split('/').nth(1) == Some(wanted),
            (Some(wanted), Some(asked)) => wanted == asked,
            _ => false,
        };
        of_upstream
            && self.caller.is_none_or(|caller| caller == subject.caller)
            && self.endpoint.as_ref().is_none_or(|endpoint| endpoint.fits(subject.method, subject.path))
    }

    /// Whether it must be known who a request is from or about.
    pub(crate) fn asks_who(&self) -> bool {
        self.client.is_some() || self.person.is_some()
    }

    /// Whether a request is from and about whom it is to be.
    pub(crate) fn fits_who(&self, who: &Who) -> bool {
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        self.client.as_ref().is_none_or(|wanted| who.client.as_ref() == Some(wanted))
            && self.person.as_ref().is_none_or(|wanted| who.people.iter().any(|name| same(name, wanted)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(json: serde_json::Value) -> Scope {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_fault_of_the_tenant_does_not_strike_a_provider() {
        let get = Method::GET;
        let asked = |upstream, caller| Subject { method: &get, path: "/token", upstream, caller };
        let check = |json, upstream, caller, expected| {
            assert_eq!(scope(json).fits(&asked(upstream, caller)), expected, "{upstream:?} {caller:?}");
        };
        check(serde_json::json!({}), None, Caller::Visitor, true);
        check(serde_json::json!({}), Some("google"), Caller::Visitor, false);
        check(serde_json::json!({ "upstream": "google" }), Some("google"), Caller::Tenant, true);
        check(serde_json::json!({ "upstream": "google" }), Some("github"), Caller::Tenant, false);
        check(serde_json::json!({ "upstream": "google" }), None, Caller::Visitor, false);
        check(serde_json::json!({ "upstream": "*" }), Some("github"), Caller::Visitor, true);
        check(serde_json::json!({ "upstream": "token" }), Some("saml"), Caller::Visitor, true);
        check(serde_json::json!({ "upstream": "other" }), Some("saml"), Caller::Visitor, false);
        let backs = serde_json::json!({ "upstream": "google", "caller": "tenant" });
        check(backs.clone(), Some("google"), Caller::Tenant, true);
        check(backs, Some("google"), Caller::Visitor, false);
    }

    #[test]
    fn people_are_known_by_any_of_their_names() {
        let who = Who { client: Some("acme-web".into()), people: vec!["auth0|1".into(), "Ana@people.example".into()] };
        assert!(scope(serde_json::json!({ "person": "ana@people.example" })).fits_who(&who));
        assert!(scope(serde_json::json!({ "person": "auth0|1", "client": "acme-web" })).fits_who(&who));
        assert!(!scope(serde_json::json!({ "person": "auth0|1", "client": "acme-spa" })).fits_who(&who));
        assert!(!scope(serde_json::json!({ "person": "bo@people.example" })).fits_who(&who));
    }
}
