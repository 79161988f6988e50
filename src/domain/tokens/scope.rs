//! Which of the scopes asked for are granted. Source: spec/tokens.md §3 and §4.

use crate::domain::claims::scopes::OIDC_SCOPES;
use crate::domain::claims::scopes::SINGLE_CLAIMS;
use crate::domain::client::Client;
use crate::domain::grant::ClientGrant;
use crate::domain::resource_server::ResourceServer;

/// What end users' tokens for the Management API may hold.
const CURRENT_USER_SCOPES: &[&str] = &[
    "read:current_user",
    "update:current_user_identities",
    "create:current_user_metadata",
    "update:current_user_metadata",
    "delete:current_user_metadata",
    "create:current_user_device_credentials",
    "delete:current_user_device_credentials",
];

/// What a password grant without `scope` stands for, before the API's own.
const PASSWORD_DEFAULT: &[&str] = &["openid", "profile", "email", "address", "phone"];

/// The words of a space-separated scope, each once, in their order (RFC 6749 §3.3).
pub(crate) fn parse(scope: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in scope.split_ascii_whitespace() {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// Whether two kinds of refresh tokens are asked for, which can't be (spec/tokens.md §4).
pub(crate) fn asks_both_refresh_scopes(asked: &[String]) -> bool {
    ["online_access", "offline_access"].iter().all(|both| asked.iter().any(|scope| scope == both))
}

/// What a user's login grants: OpenID Connect's scopes, and those of the API that are open to the user. Others are
/// dropped silently.
pub(crate) fn granted_to_user(asked: &[String], client: &Client, api: Option<&ResourceServer>) -> Vec<String> {
    let may_be_offline = client.may_use("refresh_token") && api.is_none_or(|api| api.allow_offline_access);
    let granted = |scope: &&String| match scope.as_str() {
        "offline_access" => may_be_offline,
        scope if OIDC_SCOPES.contains(&scope) => true,
        scope if SINGLE_CLAIMS.contains(&scope) && !client.is_oidc_conformant() => true,
        scope => api.is_some_and(|api| is_open_to_users(api, scope)),
    };
    asked.iter().filter(granted).cloned().collect()
}

/// With RBAC (`enforce_policies`) a user needs a permission for each scope. Nobody can be given one yet.
fn is_open_to_users(api: &ResourceServer, scope: &str) -> bool {
    if api.is_system { CURRENT_USER_SCOPES.contains(&scope) } else { api.defines(scope) && !api.enforce_policies }
}

/// What a password grant asks for when it names no scope: the profile, and all of the API's.
pub(crate) fn password_default(api: Option<&ResourceServer>) -> Vec<String> {
    let of_api = api.into_iter().flat_map(|api| api.scopes.iter().map(|permission| permission.value.as_str()));
    PASSWORD_DEFAULT.iter().copied().chain(of_api).map(str::to_owned).collect()
}

/// What a client is granted in its own name: all of its grant, or what of it was asked for.
pub(crate) fn granted_to_client(asked: Option<&[String]>, grant: &ClientGrant) -> Vec<String> {
    match asked {
        None => grant.scope.clone(),
        Some(asked) => grant.scope.iter().filter(|scope| asked.contains(scope)).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn api(offline: bool) -> ResourceServer {
        let api = json!({ "id": "1", "identifier": "a", "allow_offline_access": offline, "scopes": [{ "value": "read:orders" }] });
        serde_json::from_value(api).unwrap()
    }

    #[track_caller]
    fn check(asked: &str, api: Option<&ResourceServer>, expected: &str) {
        let client: Client = serde_json::from_value(json!({ "client_id": "a" })).unwrap();
        assert_eq!(granted_to_user(&parse(asked), &client, api).join(" "), expected);
    }

    #[test]
    fn users_get_what_the_api_defines_and_the_standard_scopes() {
        check("openid email read:orders openid", Some(&api(false)), "openid email read:orders");
        check("openid read:orders", None, "openid");
        check("openid offline_access", Some(&api(false)), "openid");
        check("openid offline_access", Some(&api(true)), "openid offline_access");
        check("offline_access", None, "offline_access");
        check("openid read:orders", Some(&ResourceServer { enforce_policies: true, ..api(false) }), "openid");
    }

    #[test]
    fn clients_get_their_grant_or_what_of_it_they_ask_for() {
        let grant = json!({ "id": "g", "client_id": "a", "audience": "a", "scope": ["read:a", "read:b"] });
        let grant: ClientGrant = serde_json::from_value(grant).unwrap();
        assert_eq!(granted_to_client(None, &grant), ["read:a", "read:b"]);
        assert_eq!(granted_to_client(Some(&parse("read:b read:c")), &grant), ["read:b"]);
    }

    #[test]
    fn a_password_grant_without_scope_asks_for_the_whole_profile() {
        assert_eq!(password_default(Some(&api(false))).join(" "), "openid profile email address phone read:orders");
    }
}
