//! What scopes are called, which hold others, and what they let an app know. Source: spec/upstreams.md §6.

use crate::upstreams::fake::Permission;
use crate::upstreams::grants::Grant;

/// Kept beside the scopes that a person gave: that the person let the app in, if only to what everybody sees.
pub(super) const NONE: &str = "(no scope)";

pub(super) const USER: &str = "user";
pub(super) const READ_USER: &str = "read:user";
pub(super) const USER_EMAIL: &str = "user:email";

/// Scopes with those that they hold.
const SCOPES: &[(&str, &[&str])] = &[
    ("admin:gpg_key", &["write:gpg_key", "read:gpg_key"]),
    ("admin:org", &["write:org", "read:org", "manage_runners:org"]),
    ("admin:org_hook", &[]),
    ("admin:public_key", &["write:public_key", "read:public_key"]),
    ("admin:repo_hook", &["write:repo_hook", "read:repo_hook"]),
    ("audit_log", &["read:audit_log"]),
    ("codespace", &["codespace:secrets"]),
    ("delete:packages", &[]),
    ("delete_repo", &[]),
    ("gist", &[]),
    ("notifications", &[]),
    ("project", &["read:project"]),
    ("repo", &["repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"]),
    (USER, &[READ_USER, USER_EMAIL, "user:follow"]),
    ("workflow", &[]),
    ("write:gpg_key", &["read:gpg_key"]),
    ("write:org", &["read:org"]),
    ("write:packages", &["read:packages"]),
    ("write:public_key", &["read:public_key"]),
    ("write:repo_hook", &["read:repo_hook"]),
];

/// The scopes asked for, in the order of their names, without those that another one holds. What is no scope of
/// GitHub's is left out without a word.
pub(super) fn parse(scope: &str) -> Vec<String> {
    let known = |name: &&str| SCOPES.iter().any(|(scope, held)| scope == name || held.contains(name));
    let mut asked: Vec<&str> = scope.split([' ', ',']).filter(known).collect();
    asked.sort_unstable();
    asked.dedup();
    let held: Vec<&str> = asked.iter().flat_map(|scope| held_by(scope)).copied().collect();
    asked.into_iter().filter(|scope| !held.contains(scope)).map(str::to_owned).collect()
}

/// Whether `scope` is among what was given, by name or held by another.
pub(super) fn covers<'a>(mut given: impl Iterator<Item = &'a String>, scope: &str) -> bool {
    given.any(|one| one == scope || held_by(one).contains(&scope))
}

/// Whether an app may do what `scope` stands for.
pub(super) fn allows(grant: &Grant, scope: &str) -> bool {
    covers(grant.scopes.iter(), scope)
}

/// What the consent page says of a scope. GitHub asks for all or nothing.
pub(super) fn permission(scope: &str) -> Permission {
    let text = match scope {
        NONE => "Your public profile",
        USER => "Personal user data: full access",
        READ_USER => "Personal user data: profile information (read-only)",
        USER_EMAIL => "Personal user data: email addresses (read-only)",
        "user:follow" => "Personal user data: followers (read and write)",
        "repo" => "Repositories: public and private",
        "public_repo" => "Repositories: public",
        "gist" => "Gists: read and write",
        other => other,
    };
    Permission { value: scope.to_owned(), text: text.to_owned(), fixed: true }
}

fn held_by(scope: &str) -> &'static [&'static str] {
    SCOPES.iter().find(|(name, _)| *name == scope).map_or(&[], |(_, held)| held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_that_another_one_holds_are_left_out() {
        let check = |asked: &str, expected: &[&str]| assert_eq!(parse(asked), expected, "{asked}");
        check("user:email read:user", &["read:user", "user:email"]);
        check("user:email,user,user", &["user"]);
        check("openid email gist", &["gist"]);
        check("", &[]);
    }

    #[test]
    fn a_scope_covers_those_it_holds() {
        let given = ["user".to_owned()];
        assert!(covers(given.iter(), "user:email") && covers(given.iter(), "user"));
        assert!(!covers(given.iter(), "repo"));
    }
}
