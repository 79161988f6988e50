//! What scopes are called and what they let an app know. Source: spec/upstreams.md §4.

use crate::upstreams::fake::Permission;

pub(super) const OPENID: &str = "openid";
pub(super) const PROFILE: &str = "profile";
pub(super) const EMAIL: &str = "email";
pub(super) const OFFLINE: &str = "offline_access";
pub(super) const USER_READ: &str = "User.Read";
pub(super) const DIRECTORY_READ: &str = "Directory.Read.All";

/// What an app is given in the first age of the endpoints, where it doesn't ask for scopes: what it was registered with.
pub(super) const REGISTERED: [&str; 6] = [OPENID, PROFILE, EMAIL, OFFLINE, USER_READ, DIRECTORY_READ];

/// What the Live service calls the same things.
pub(super) const LIVE_BASIC: &str = "wl.basic";
pub(super) const LIVE_EMAILS: &str = "wl.emails";
pub(super) const LIVE_OFFLINE: &str = "wl.offline_access";

/// Graph's scopes may be written with the resource before them.
const RESOURCES: [&str; 2] = ["https://graph.microsoft.com/", "https://graph.windows.net/"];

/// The scopes asked for, by their short names, each once, in the order asked for.
///
/// # Errors
/// The first that can't be one.
pub(super) fn parse(scope: &str) -> Result<Vec<String>, String> {
    let mut scopes: Vec<String> = Vec::new();
    for name in scope.split([' ', ',']).filter(|name| !name.is_empty()) {
        let short = RESOURCES.iter().find_map(|resource| name.strip_prefix(resource)).unwrap_or(name);
        if !is_name(short) {
            return Err(name.to_owned());
        }
        let known = REGISTERED;
        let short = known.iter().find(|known| known.eq_ignore_ascii_case(short)).map_or(short, |known| known);
        if !scopes.iter().any(|known| known == short) {
            scopes.push(short.to_owned());
        }
    }
    Ok(scopes)
}

/// Scopes are words with dots; which exist changes with the years, so none is refused.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(fits)
}

/// What the consent page says of a scope. A person agrees to all or to nothing.
pub(super) fn permission(scope: &str) -> Permission {
    let text = match scope {
        OPENID | "wl.signin" => "Sign you in",
        PROFILE | USER_READ | LIVE_BASIC => "View your basic profile",
        EMAIL | LIVE_EMAILS => "View your email address",
        OFFLINE | LIVE_OFFLINE => "Maintain access to data you have given it access to",
        DIRECTORY_READ => "Read directory data",
        other => other,
    };
    Permission { value: scope.to_owned(), text: text.to_owned(), fixed: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_go_by_their_short_names() {
        let long = "openid https://graph.microsoft.com/user.read email openid";
        assert_eq!(parse(long), Ok(vec!["openid".into(), "User.Read".into(), "email".into()]));
        assert_eq!(parse("openid <x>"), Err("<x>".into()));
    }
}
