//! What scopes are called and what they let an app know. Source: spec/upstreams.md §3.

use crate::upstreams::fake::Permission;

pub(super) const OPENID: &str = "openid";
pub(super) const PROFILE: &str = "profile";
pub(super) const EMAIL: &str = "email";
pub(super) const LITE_PROFILE: &str = "r_liteprofile";
pub(super) const BASIC_PROFILE: &str = "r_basicprofile";
pub(super) const FULL_PROFILE: &str = "r_fullprofile";
pub(super) const EMAIL_ADDRESS: &str = "r_emailaddress";

/// Every scope that an app here is approved for, and what the consent page says of it.
const SCOPES: &[(&str, &str)] = &[
    (OPENID, "Use your LinkedIn identity"),
    (PROFILE, "Use your name and photo"),
    (EMAIL, "Use the primary email address associated with your LinkedIn account"),
    (LITE_PROFILE, "Use your name and photo"),
    (BASIC_PROFILE, "Use your basic profile including your name, photo, headline, and public profile URL"),
    (FULL_PROFILE, "Use your full profile including experience, education, and skills"),
    (EMAIL_ADDRESS, "Use the primary email address associated with your LinkedIn account"),
    ("r_network", "Use your 1st and 2nd degree connections"),
    ("r_contactinfo", "Use your address, phone number, and bound accounts"),
    ("r_member_social", "Retrieve your posts, comments, and reactions"),
    ("w_member_social", "Create, modify, and delete posts, comments, and reactions on your behalf"),
];

/// The scopes asked for, in the order of their names, each once.
///
/// # Errors
/// The first one that no app is approved for.
pub(super) fn parse(scope: &str) -> Result<Vec<String>, String> {
    let mut scopes: Vec<String> = scope.split([' ', ',']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if let Some(unknown) = scopes.iter().find(|name| !SCOPES.iter().any(|(known, _)| known == name)) {
        return Err(unknown.clone());
    }
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

/// What the consent page says of a scope. A member agrees to all or to nothing.
pub(super) fn permission(scope: &str) -> Permission {
    let text = SCOPES.iter().find(|(known, _)| *known == scope).map_or(scope, |(_, text)| *text);
    Permission { value: scope.to_owned(), text: text.to_owned(), fixed: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_sorted_and_known() {
        assert_eq!(parse("openid profile email,openid"), Ok(vec!["email".into(), "openid".into(), "profile".into()]));
        assert_eq!(parse("openid r_magic"), Err("r_magic".into()));
        assert_eq!(parse(""), Ok(vec![]));
    }
}
