//! What scopes let an app know. Source: OpenID Connect Core §5.4.

use serde_json::Map;
use serde_json::Value;

use crate::upstreams::accounts::Account;
use crate::upstreams::fake::Permission;
use crate::upstreams::grants::Grant;

pub(super) const OPENID: &str = "openid";
pub(super) const OFFLINE: &str = "offline_access";

/// The attribute of an account that holds what `/userinfo` alone says.
const USERINFO_ONLY: &str = "userinfo";

/// A scope, what the consent page says of it, and the claims that it brings.
const SCOPES: &[(&str, &str, &[&str])] = &[
    (OPENID, "Know who you are", &["sub"]),
    (
        "profile",
        "See your profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", "See your e-mail address", &["email", "email_verified"]),
    ("phone", "See your phone number", &["phone_number", "phone_number_verified"]),
    ("address", "See your postal address", &["address"]),
    ("groups", "See the groups that you are in", &["groups"]),
    (OFFLINE, "Keep this access when you are not using the app", &[]),
];

/// Every scope, as discovery shows them.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    SCOPES.iter().map(|(scope, _, _)| *scope)
}

/// Every standard claim, as discovery shows them.
pub(super) fn claims() -> impl Iterator<Item = &'static str> {
    SCOPES.iter().flat_map(|(_, _, claims)| claims.iter().copied())
}

/// The scopes asked for, each once. What isn't known is ignored (OpenID Connect Core §3.1.2.1).
pub(super) fn parse(scope: &str) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for asked in scope.split_whitespace() {
        if all().any(|known| known == asked) && !scopes.iter().any(|known| known == asked) {
            scopes.push(asked.to_owned());
        }
    }
    scopes
}

/// A line of the consent page; only who the person is can't be declined.
pub(super) fn permission(scope: &str) -> Permission {
    let text = SCOPES.iter().find(|(known, _, _)| *known == scope).map_or(scope, |(_, text, _)| text);
    Permission { value: scope.to_owned(), text: text.to_owned(), fixed: scope == OPENID }
}

/// What the account says that the scopes allow, as ID tokens have it. Claims that belong to no scope come with any.
pub(super) fn visible(account: &Account, grant: &Grant) -> Map<String, Value> {
    let of_scope = |claim: &str| SCOPES.iter().find(|(_, _, claims)| claims.contains(&claim));
    let fits = |claim: &str| of_scope(claim).is_none_or(|(scope, _, _)| *scope == OPENID || grant.has(scope));
    let visible = account.attributes.iter().filter(|(claim, _)| *claim != USERINFO_ONLY && fits(claim));
    visible.map(|(claim, value)| (claim.clone(), value.clone())).collect()
}

/// The same as `/userinfo` has it: with what it alone says.
pub(super) fn visible_in_userinfo(account: &Account, grant: &Grant) -> Map<String, Value> {
    let mut visible = visible(account, grant);
    if let Some(Value::Object(more)) = account.attributes.get(USERINFO_ONLY) {
        visible.extend(more.iter().filter(|(claim, _)| *claim != "sub").map(|(c, value)| (c.clone(), value.clone())));
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_that_are_not_known_are_ignored() {
        assert_eq!(parse("openid  groups nonsense openid"), ["openid", "groups"]);
        assert!(permission("openid").fixed);
        assert_eq!(permission("email").text, "See your e-mail address");
    }
}
