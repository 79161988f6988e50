//! What scopes are called and what they let an app know. Source: spec/upstreams.md §1 ("Facts").

use crate::upstreams::fake::Permission;

pub(super) const OPENID: &str = "openid";
pub(super) const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
pub(super) const PROFILE: &str = "https://www.googleapis.com/auth/userinfo.profile";

/// Short names that answers give in full.
const LONG: [(&str, &str); 2] = [("email", EMAIL), ("profile", PROFILE)];

/// Beginnings of the scopes that exist beside `openid`, `email` and `profile`.
const FAMILIES: [&str; 5] = [
    "https://www.googleapis.com/auth/",
    "https://mail.google.com/",
    "https://www.google.com/",
    "https://apps-apis.google.com/",
    "https://docs.google.com/",
];

/// Kept beside the scopes that a person gave: that the app may come back when the person isn't there.
pub(super) const OFFLINE: &str = "offline_access";

/// The scopes asked for, by their long names, each once; `openid` comes with the other two.
///
/// # Errors
/// The first scope that does not exist.
pub(super) fn parse(scope: &str) -> Result<Vec<String>, String> {
    let mut scopes: Vec<String> = Vec::new();
    for name in scope.split_whitespace() {
        let long = LONG.iter().find(|(short, _)| *short == name).map_or(name, |(_, long)| *long);
        if long != OPENID && !FAMILIES.iter().any(|family| long.starts_with(family)) {
            return Err(name.to_owned());
        }
        if !scopes.iter().any(|known| known == long) {
            scopes.push(long.to_owned());
        }
    }
    let signs_in = scopes.iter().any(|scope| scope == EMAIL || scope == PROFILE);
    if signs_in && !scopes.iter().any(|scope| scope == OPENID) {
        scopes.push(OPENID.to_owned());
    }
    Ok(scopes)
}

/// What the consent page says of a scope. Those to sign in with can't be declined alone; the boxes of `email` and
/// `profile` have the short names.
pub(super) fn permission(scope: &str) -> Permission {
    let fixed = |value: &str, text: &str| Permission { value: value.to_owned(), text: text.to_owned(), fixed: true };
    match scope {
        OPENID => fixed(OPENID, "Associate you with your personal info on Google"),
        EMAIL => fixed(EMAIL, "See your primary Google Account email address"),
        PROFILE => fixed(PROFILE, "See your personal info, including any personal info you've made publicly available"),
        OFFLINE => fixed(OFFLINE, "Keep this access when you are not using the app"),
        other => {
            let name = other.rsplit_once("/auth/").map_or(other, |(_, name)| name);
            Permission { value: other.to_owned(), text: format!("Use your data: {name}"), fixed: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_to_sign_in_with_have_long_names_and_bring_openid() {
        assert_eq!(parse("email profile email"), Ok(vec![EMAIL.into(), PROFILE.into(), OPENID.into()]));
        assert_eq!(parse("openid email"), Ok(vec![OPENID.into(), EMAIL.into()]));
        let calendar = "https://www.googleapis.com/auth/calendar.readonly";
        assert_eq!(parse(calendar), Ok(vec![calendar.into()]));
        assert_eq!(parse("openid foo"), Err("foo".into()));
    }
}
