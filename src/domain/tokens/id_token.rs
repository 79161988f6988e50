//! The claims of an ID token. Source: spec/tokens.md §2.

use serde_json::Map;
use serde_json::Value;

use crate::domain::claims::custom;
use crate::domain::claims::custom::Carrier;
use crate::domain::claims::scopes;
use crate::domain::claims::scopes::Granted;
use crate::domain::tokens::organization::OrganizationClaim;
use crate::time::Timestamp;

/// What an ID token says beside the profile's claims.
#[derive(Clone, Debug)]
pub(crate) struct IdToken<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) lifetime_seconds: i64,
    pub(crate) session_id: Option<&'a str>,
    pub(crate) nonce: Option<&'a str>,
    /// Only where `max_age` or `prompt=login` was asked.
    pub(crate) auth_time: Option<Timestamp>,
    /// The left half of the hash of the access token, where both come from the front channel.
    pub(crate) at_hash: Option<String>,
    /// The same of the code.
    pub(crate) c_hash: Option<String>,
    pub(crate) organization: Option<OrganizationClaim<'a>>,
}

/// All claims of an ID token: the profile's by scope, the custom ones, then what no code can change.
pub(crate) fn claims(
    token: &IdToken<'_>,
    profile: &Map<String, Value>,
    granted: Granted<'_>,
    custom: &Map<String, Value>,
) -> Map<String, Value> {
    let mut claims = scopes::claims(profile, granted);
    custom::add(&mut claims, custom, granted, Carrier::Any);
    let mut put = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    put("iss", token.issuer.into());
    put("aud", token.client_id.into());
    put("sub", token.subject.into());
    put("iat", token.now.seconds().into());
    put("exp", token.now.seconds().saturating_add(token.lifetime_seconds).into());
    if let Some(auth_time) = token.auth_time {
        put("auth_time", auth_time.seconds().into());
    }
    if let Some(at_hash) = &token.at_hash {
        put("at_hash", at_hash.as_str().into());
    }
    if let Some(c_hash) = &token.c_hash {
        put("c_hash", c_hash.as_str().into());
    }
    if let Some(session_id) = token.session_id {
        put("sid", session_id.into());
    }
    if let Some(nonce) = token.nonce {
        put("nonce", nonce.into());
    }
    if let Some(organization) = token.organization {
        organization.put(&mut claims);
    }
    claims
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn minimal() -> IdToken<'static> {
        IdToken {
            issuer: "https://localhost:4480/",
            subject: "auth0|1",
            client_id: "acme-web",
            now: Timestamp::from_seconds(100),
            lifetime_seconds: 36_000,
            session_id: None,
            nonce: None,
            auth_time: None,
            at_hash: None,
            c_hash: None,
            organization: None,
        }
    }

    #[track_caller]
    fn check(token: &IdToken<'_>, scopes: &str, custom: Value, expected: Value) {
        let profile = json!({ "name": "Ana", "sub": "evil", "nickname": "ana" }).as_object().cloned().unwrap();
        let client = serde_json::from_value(json!({ "client_id": "acme-web" })).unwrap();
        let scopes: Vec<String> = scopes.split(' ').map(str::to_owned).collect();
        let found = claims(token, &profile, Granted::to(&client, &scopes), custom.as_object().unwrap());
        let mut expected = expected;
        let always =
            json!({ "iss": "https://localhost:4480/", "aud": "acme-web", "sub": "auth0|1", "iat": 100, "exp": 36_100 });
        for (name, value) in always.as_object().unwrap() {
            expected[name] = value.clone();
        }
        assert_eq!(Value::from(found), expected);
    }

    #[test]
    fn with_openid_alone_it_says_what_it_must() {
        check(&minimal(), "openid", json!({}), json!({}));
    }

    #[test]
    fn what_was_asked_for_is_told_and_nothing_else() {
        let token = IdToken {
            session_id: Some("s"),
            nonce: Some("n"),
            auth_time: Some(Timestamp::from_seconds(90)),
            at_hash: Some("a".to_owned()),
            c_hash: Some("c".to_owned()),
            organization: Some(OrganizationClaim { id: "org_1", name: Some("Acme") }),
            ..minimal()
        };
        let expected = json!({ "sid": "s", "nonce": "n", "auth_time": 90, "at_hash": "a", "c_hash": "c", "org_id": "org_1", "org_name": "acme" });
        check(&token, "openid", json!({}), expected);
    }

    #[test]
    fn custom_claims_change_the_profile_but_not_what_the_token_rests_on() {
        let custom = json!({ "sub": "evil", "name": "Ana R.", "email": "a@example.com", "https://acme.example/x": 1 });
        let expected = json!({ "nickname": "ana", "name": "Ana R.", "https://acme.example/x": 1 });
        check(&minimal(), "openid profile", custom, expected);
    }
}
