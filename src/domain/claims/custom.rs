//! Claims that users' code adds: which names it may use. Source: spec/tokens.md §5.

use serde_json::Map;
use serde_json::Value;
use url::Url;

use crate::domain::claims::scopes::scope_of;

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

/// Adds custom claims to a token's: restricted names are ignored, and a standard claim whose scope was not granted is
/// left out, however it was set.
pub(crate) fn add(claims: &mut Map<String, Value>, custom: Map<String, Value>, scopes: &[String]) {
    for (name, value) in custom {
        let granted = |scope: &str| scopes.iter().any(|granted| granted == scope);
        if may_be_set(&name) && scope_of(&name).is_none_or(granted) {
            claims.insert(name, value);
        }
    }
}

/// Whether code may set a claim of this name.
pub(crate) fn may_be_set(name: &str) -> bool {
    if RESTRICTED.contains(&name) || name == "urn:auth0" || name.starts_with("urn:auth0:") {
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

    #[test]
    fn restricted_names_and_forbidden_namespaces_are_refused() {
        for good in ["https://acme.example/roles", "plan", "https://notauth0.com/x", "email"] {
            assert!(may_be_set(good), "{good}");
        }
        for bad in ["roles", "sub", "https://auth0.com/x", "https://a.AUTH0.com/x", "urn:auth0:x", "http://webtask.io"]
        {
            assert!(!may_be_set(bad), "{bad}");
        }
    }

    #[test]
    fn a_standard_claim_needs_its_scope_however_it_was_set() {
        let custom = json!({ "email": "x@example.com", "name": "X", "plan": "gold", "aud": "evil" });
        let mut claims = Map::new();
        add(&mut claims, custom.as_object().cloned().unwrap(), &["profile".to_owned()]);
        assert_eq!(Value::from(claims), json!({ "name": "X", "plan": "gold" }));
    }
}
