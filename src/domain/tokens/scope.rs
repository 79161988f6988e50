//! Which of the scopes asked for are granted. Source: spec/tokens.md §3 and §4.

use crate::domain::claims::scopes::OIDC_SCOPES;
use crate::domain::claims::scopes::SINGLE_CLAIMS;
use crate::domain::client::Client;
use crate::domain::grant::ClientGrant;
use crate::domain::resource_server::MANAGEMENT_IDENTIFIER;
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
/// dropped silently. `permitted` are the user's permissions at the API.
pub(crate) fn granted_to_user(
    asked: &[String],
    client: &Client,
    api: Option<&ResourceServer>,
    permitted: &[String],
) -> Vec<String> {
    let may_be_offline = client.may_use("refresh_token") && api.is_none_or(|api| api.allow_offline_access);
    let granted = |scope: &&String| match scope.as_str() {
        "offline_access" => may_be_offline,
        scope if OIDC_SCOPES.contains(&scope) => true,
        scope if SINGLE_CLAIMS.contains(&scope) && !client.is_oidc_conformant() => true,
        scope => api.is_some_and(|api| is_open_to_users(api, scope, permitted)),
    };
    asked.iter().filter(granted).cloned().collect()
}

/// What of a grant still holds: who lost a permission has lost its scope. Nothing comes back that the login did not
/// grant (unverified).
pub(crate) fn still_granted(granted: &[String], api: Option<&ResourceServer>, permitted: &[String]) -> Vec<String> {
    let holds = |scope: &&String| {
        let is_standard = OIDC_SCOPES.contains(&scope.as_str()) || SINGLE_CLAIMS.contains(&scope.as_str());
        is_standard || *scope == "offline_access" || api.is_none_or(|api| is_open_to_users(api, scope, permitted))
    };
    granted.iter().filter(holds).cloned().collect()
}

/// With RBAC (`enforce_policies`) a user needs a permission for each scope.
fn is_open_to_users(api: &ResourceServer, scope: &str, permitted: &[String]) -> bool {
    if api.identifier == MANAGEMENT_IDENTIFIER {
        return CURRENT_USER_SCOPES.contains(&scope);
    }
    api.defines(scope) && (!api.enforce_policies || permitted.iter().any(|permitted| permitted == scope))
}

/// What a password grant asks for when it names no scope: the profile, and all of the API's.
pub(crate) fn password_default(api: Option<&ResourceServer>) -> Vec<String> {
    let of_api = api.into_iter().flat_map(|api| api.scopes.iter().map(|permission| permission.value.as_str()));
    PASSWORD_DEFAULT.iter().copied().chain(of_api).map(str::to_owned).collect()
}

/// What a client is granted in its own name: all of its grant, or what of it was asked for.
pub(crate) fn granted_to_client(asked: Option<&[String]>, grant: &ClientGrant, api: &ResourceServer) -> Vec<String> {
    let defined = || api.scopes.iter().map(|permission| permission.value.clone()).collect();
    let mut granted = if grant.allows_all_scopes() { defined() } else { grant.scope.clone() };
    granted.retain(|scope| asked.is_none_or(|asked| asked.contains(scope)));
    granted
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
        let permitted = ["read:other".to_owned(), "write:orders".to_owned()];
        assert_eq!(granted_to_user(&parse(asked), &client, api, &permitted).join(" "), expected);
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
        assert_eq!(granted_to_client(None, &grant, &api(false)), ["read:a", "read:b"]);
        assert_eq!(granted_to_client(Some(&parse("read:b read:c")), &grant, &api(false)), ["read:b"]);
        let all = json!({ "id": "g", "client_id": "a", "audience": "a", "allow_all_scopes": true });
        let all: ClientGrant = serde_json::from_value(all).unwrap();
        assert_eq!(granted_to_client(None, &all, &api(false)), ["read:orders"]);
    }

    #[test]
    fn where_permissions_count_only_they_open_scopes() {
        let api = ResourceServer { enforce_policies: true, ..api(false) };
        let client: Client = serde_json::from_value(json!({ "client_id": "a" })).unwrap();
        let asked = parse("openid read:orders write:orders");
        let permitted = ["read:orders".to_owned(), "write:orders".to_owned()];
        assert_eq!(granted_to_user(&asked, &client, Some(&api), &permitted).join(" "), "openid read:orders");
        assert_eq!(granted_to_user(&asked, &client, Some(&api), &[]).join(" "), "openid");
        let granted = parse("openid offline_access read:orders");
        assert_eq!(still_granted(&granted, Some(&api), &permitted), granted);
        assert_eq!(still_granted(&granted, Some(&api), &[]).join(" "), "openid offline_access");
        assert_eq!(still_granted(&granted, None, &[]), granted);
    }

    #[test]
    fn a_password_grant_without_scope_asks_for_the_whole_profile() {
        assert_eq!(password_default(Some(&api(false))).join(" "), "openid profile email address phone read:orders");
    }
}
