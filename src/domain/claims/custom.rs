//! Claims that users' code adds: which names it may use, and in which token. Source: spec/tokens.md §5.

use serde_json::Map;
use serde_json::Value;
use url::Url;

use crate::domain::claims::scopes::Granted;

/// Names that are the server's own; setting one is silently ignored.
const RESTRICTED: &[&str] = &[
    "acr",
    "act",
    "active",
    "amr",
    "at_hash",
    "ath",
    "attest",
    "aud",
    "auth_time",
    "authorization_details",
    "azp",
    "c_hash",
    "client_id",
    "cnf",
    "cty",
    "dest",
    "entitlements",
    "events",
    "exp",
    "groups",
    "gty",
    "htm",
    "htu",
    "iat",
    "internalService",
    "iss",
    "jcard",
    "jku",
    "jti",
    "jwe",
    "jwk",
    "kid",
    "may_act",
    "mky",
    "nbf",
    "nonce",
    "object_id",
    "org_id",
    "org_name",
    "orig",
    "origid",
    "permissions",
    "roles",
    "rph",
    "s_hash",
    "sid",
    "sip_callid",
    "sip_cseq_num",
    "sip_date",
    "sip_from_tag",
    "sip_via_branch",
    "sub",
    "sub_jwk",
    "toe",
    "txn",
    "typ",
    "uuid",
    "vot",
    "vtm",
    "x5t#S256",
];

/// Hosts whose URLs may not be namespaces; so may no host below them.
const FORBIDDEN_HOSTS: &[&str] = &["auth0.com", "webtask.io", "webtask.run"];

/// The standard claims about a person, which code may set under their plain names where their scope was granted.
const PROFILE_NAMES: &[&str] = &[
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];

/// How large the custom claims of a token may be, in bytes of JSON: 100 KB.
const MOST_BYTES: usize = 100 * 1024;

/// Code set more than a token may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("hold custom claims of {0} bytes, where {MOST_BYTES} are allowed")]
pub(crate) struct TooLarge(usize);

/// What the claims are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// An ID token, `/userinfo`, or an access token for an API of the tenant's own.
    Any,
    /// An access token for an API of the service: its private claims must be namespaced.
    ServiceApi,
}

/// Adds custom claims to a token's. Restricted names are ignored, and a standard claim whose scope was not granted is
/// left out, however it was set. Nothing of this is an error: the login goes on.
pub(crate) fn add(
    claims: &mut Map<String, Value>,
    custom: &Map<String, Value>,
    granted: Granted<'_>,
    carrier: Carrier,
) {
    let fits = |name: &str| carrier == Carrier::Any || PROFILE_NAMES.contains(&name) || is_namespaced(name);
    for (name, value) in custom {
        if may_be_set(name) && granted.lets_tell(name) && fits(name) {
            claims.insert(name.clone(), value.clone());
        }
    }
}

/// Checks how large the claims are that code has set for one token.
///
/// # Errors
/// [`TooLarge`].
#[cfg_attr(not(test), expect(dead_code, reason = "for users' scripts, which are not run yet"))]
pub(crate) fn check_size(custom: &Map<String, Value>) -> Result<(), TooLarge> {
    let size = serde_json::to_vec(custom).map_or(usize::MAX, |json| json.len());
    if size > MOST_BYTES { Err(TooLarge(size)) } else { Ok(()) }
}

/// Whether the name is an address of its owner's: `https://acme.example/roles`, `urn:acme:roles`.
fn is_namespaced(name: &str) -> bool {
    Url::parse(name).is_ok()
}

/// Whether the name is the server's own in tokens; upstream claims of such a name don't become attributes either.
pub(crate) fn is_restricted(name: &str) -> bool {
    RESTRICTED.contains(&name)
}

/// Whether code may set a claim of this name.
fn may_be_set(name: &str) -> bool {
    if is_restricted(name) || name == "urn:auth0" || name.starts_with("urn:auth0:") {
        return false;
    }
    let host = Url::parse(name).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase));
    let is_below =
        |host: &str, domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !host.is_some_and(|host| FORBIDDEN_HOSTS.iter().any(|forbidden| is_below(&host, forbidden)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALL: &str = "openid profile email phone address";

    #[track_caller]
    fn check(scopes: &str, carrier: Carrier, custom: Value, expected: Value) {
        let client = serde_json::from_value(json!({ "client_id": "a" })).unwrap();
        let scopes: Vec<String> = scopes.split(' ').map(str::to_owned).collect();
        let mut claims = Map::new();
        add(&mut claims, custom.as_object().unwrap(), Granted::to(&client, &scopes), carrier);
        assert_eq!(Value::from(claims), expected);
    }

    #[test]
    fn restricted_names_and_forbidden_namespaces_are_ignored() {
        let good =
            ["https://acme.example/roles", "plan", "https://notauth0.com/x", "email", "urn:acme:x", "urn:auth01:x"];
        for name in good {
            check(ALL, Carrier::Any, json!({ name: 1 }), json!({ name: 1 }));
        }
        let bad = [
            "https://auth0.com/x",
            "https://a.AUTH0.com/x",
            "urn:auth0:x",
            "urn:auth0",
            "http://webtask.io",
            "https://x.webtask.run/",
        ];
        for name in RESTRICTED.iter().chain(&bad) {
            check(ALL, Carrier::Any, json!({ *name: 1 }), json!({}));
        }
    }

    #[test]
    fn every_standard_claim_needs_its_scope_however_it_was_set() {
        for name in PROFILE_NAMES {
            check(ALL, Carrier::Any, json!({ *name: 1 }), json!({ *name: 1 }));
            check("openid read:orders", Carrier::Any, json!({ *name: 1 }), json!({}));
        }
        let custom = json!({ "email": "x@example.com", "name": "X", "plan": "gold" });
        check("profile", Carrier::Any, custom, json!({ "name": "X", "plan": "gold" }));
    }

    #[test]
    fn tokens_for_the_services_own_apis_carry_no_private_names() {
        let custom = json!({ "plan": "gold", "https://acme.example/plan": "gold", "email": "x@example.com" });
        let expected = json!({ "https://acme.example/plan": "gold", "email": "x@example.com" });
        check("email", Carrier::ServiceApi, custom, expected);
    }

    #[test]
    fn custom_claims_have_room_for_100_kilobytes() {
        let of_size =
            |size: usize| json!({ "a": "x".repeat(size - r#"{"a":""}"#.len()) }).as_object().cloned().unwrap();
        assert_eq!(check_size(&of_size(MOST_BYTES)), Ok(()));
        assert_eq!(check_size(&of_size(MOST_BYTES + 1)), Err(TooLarge(102_401)));
    }
}
