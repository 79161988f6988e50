//! Scopes decide which claims the ID token and `/userinfo` carry. Source: spec/tokens.md §4.

use serde_json::Map;
use serde_json::Value;

use crate::domain::client::Client;

/// One claim and the profile attribute that it is read from.
type Claim = (&'static str, &'static str);

/// What each standard scope adds, where the profile has it.
const BY_SCOPE: &[(&str, &[Claim])] = &[
    (
        "profile",
        &[
            ("nickname", "nickname"),
            ("name", "name"),
            ("given_name", "given_name"),
            ("family_name", "family_name"),
            ("middle_name", "middle_name"),
            ("preferred_username", "preferred_username"),
            ("profile", "profile"),
            ("picture", "picture"),
            ("website", "website"),
            ("gender", "gender"),
            ("birthdate", "birthdate"),
            ("zoneinfo", "zoneinfo"),
            ("locale", "locale"),
            ("updated_at", "updated_at"),
        ],
    ),
    ("email", &[("email", "email"), ("email_verified", "email_verified")]),
    ("phone", &[("phone_number", "phone_number"), ("phone_number_verified", "phone_verified")]),
    ("address", &[("address", "address")]),
];

/// Scopes of OpenID Connect: granted whatever the API defines.
pub(crate) const OIDC_SCOPES: &[&str] = &["openid", "profile", "email", "phone", "address", "offline_access"];

/// Scopes that give the one claim of their name, to clients that are not OIDC conformant.
pub(crate) const SINGLE_CLAIMS: &[&str] = &[
    "name",
    "given_name",
    "family_name",
    "nickname",
    "email",
    "email_verified",
    "picture",
    "created_at",
    "identities",
];

/// The scopes that a token was granted, as they bear on claims.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Granted<'a> {
    scopes: &'a [String],
    /// Whether [`SINGLE_CLAIMS`] count: an API of a conformant client may call a scope of its own so.
    single_claims: bool,
}

impl<'a> Granted<'a> {
    pub(crate) fn to(client: &Client, scopes: &'a [String]) -> Self {
        Self { scopes, single_claims: !client.is_oidc_conformant() }
    }

    fn holds(self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    fn holds_single(self, claim: &str) -> bool {
        self.single_claims && SINGLE_CLAIMS.contains(&claim) && self.holds(claim)
    }

    /// Whether a claim of this name may be told: a standard one needs its scope, any other needs none.
    pub(crate) fn lets_tell(self, claim: &str) -> bool {
        scope_of(claim).is_none_or(|scope| self.holds(scope)) || self.holds_single(claim)
    }
}

/// The claims that the scopes give of a profile, in the order of the tables.
pub(crate) fn claims(profile: &Map<String, Value>, granted: Granted<'_>) -> Map<String, Value> {
    let by_scope = BY_SCOPE.iter().filter(|(scope, _)| granted.holds(scope)).flat_map(|(_, claims)| *claims);
    let single = SINGLE_CLAIMS.iter().filter(|claim| granted.holds_single(claim)).map(|claim| (*claim, *claim));
    let value = |attribute: &str| profile.get(attribute).filter(|value| !value.is_null()).cloned();
    let pairs = by_scope.copied().chain(single);
    pairs.filter_map(|(claim, attribute)| Some((claim.to_owned(), value(attribute)?))).collect()
}

/// The scope that a standard claim needs; `None` for claims that no scope governs.
fn scope_of(claim: &str) -> Option<&'static str> {
    let has_it = |claims: &[Claim]| claims.iter().any(|(name, _)| *name == claim);
    BY_SCOPE.iter().find(|(_, claims)| has_it(claims)).map(|(scope, _)| *scope)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(conformant: bool, scopes: &str, expected: Value) {
        let profile = json!({
            "name": "Ana", "email": "ana@example.com", "email_verified": true, "phone_number": "+1", "phone_verified": false,
            "birthday": "03/04", "locale": null, "hd": "x", "updated_at": "2031-05-04T10:00:26.187Z", "user_id": "auth0|1",
            "created_at": "2031-05-04T10:00:00.000Z", "address": { "country": "PT" }, "identities": [{ "user_id": "1" }],
        });
        let client = json!({ "client_id": "a", "oidc_conformant": conformant });
        let scopes: Vec<String> = scopes.split(' ').map(str::to_owned).collect();
        let granted = Granted::to(&serde_json::from_value(client).unwrap(), &scopes);
        assert_eq!(Value::from(claims(profile.as_object().unwrap(), granted)), expected, "{scopes:?}");
    }

    #[test]
    fn scopes_give_their_claims_and_no_other() {
        check(true, "openid", json!({}));
        check(true, "openid profile", json!({ "name": "Ana", "updated_at": "2031-05-04T10:00:26.187Z" }));
        check(true, "email", json!({ "email": "ana@example.com", "email_verified": true }));
        check(true, "phone", json!({ "phone_number": "+1", "phone_number_verified": false }));
        check(true, "address", json!({ "address": { "country": "PT" } }));
        check(true, "hd birthday read:orders", json!({}));
    }

    #[test]
    fn a_name_of_a_claim_is_a_scope_for_old_clients_alone() {
        check(true, "openid name created_at identities", json!({}));
        check(false, "openid name", json!({ "name": "Ana" }));
        check(false, "email_verified", json!({ "email_verified": true }));
        check(false, "created_at", json!({ "created_at": "2031-05-04T10:00:00.000Z" }));
        check(false, "identities", json!({ "identities": [{ "user_id": "1" }] }));
        check(false, "user_id hd birthday", json!({}));
    }
}
