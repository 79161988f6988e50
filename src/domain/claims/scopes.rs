//! Scopes decide which claims the ID token and `/userinfo` carry. Source: spec/tokens.md §4.

use serde_json::Map;
use serde_json::Value;

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

/// The claims that the scopes give of a profile, in the order of the table.
pub(crate) fn claims(profile: &Map<String, Value>, scopes: &[String]) -> Map<String, Value> {
    let granted = BY_SCOPE.iter().filter(|(scope, _)| scopes.iter().any(|granted| granted == scope));
    let pairs = granted.flat_map(|(_, claims)| claims.iter());
    let value = |attribute: &str| profile.get(attribute).filter(|value| !value.is_null()).cloned();
    pairs.filter_map(|(claim, attribute)| Some(((*claim).to_owned(), value(attribute)?))).collect()
}

/// The scope that a standard claim needs; `None` for claims that no scope governs.
pub(crate) fn scope_of(claim: &str) -> Option<&'static str> {
    let has_it = |claims: &[Claim]| claims.iter().any(|(name, _)| *name == claim);
    BY_SCOPE.iter().find(|(_, claims)| has_it(claims)).map(|(scope, _)| *scope)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(scopes: &[&str], expected: Value) {
        let profile = json!({
            "name": "Ana", "email": "ana@example.com", "email_verified": true, "phone_number": "+1", "phone_verified": false,
            "birthday": "03/04", "locale": null, "hd": "x", "updated_at": "2031-05-04T10:00:26.187Z", "user_id": "auth0|1",
        });
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        assert_eq!(Value::from(claims(profile.as_object().unwrap(), &scopes)), expected);
    }

    #[test]
    fn scopes_give_their_claims_and_no_other() {
        check(&["openid"], json!({}));
        check(&["openid", "profile"], json!({ "name": "Ana", "updated_at": "2031-05-04T10:00:26.187Z" }));
        check(&["email"], json!({ "email": "ana@example.com", "email_verified": true }));
        check(&["phone"], json!({ "phone_number": "+1", "phone_number_verified": false }));
        check(&["hd", "birthday", "read:orders"], json!({}));
    }
}
