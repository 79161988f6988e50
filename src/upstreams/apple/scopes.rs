//! What a person lets an app know. Source: spec/upstreams.md §5.

use crate::upstreams::fake::Permission;

pub(super) const NAME: &str = "name";
pub(super) const EMAIL: &str = "email";

/// That the app may know that it is the same person again.
pub(super) const ACCOUNT: &str = "account";

/// The scopes asked for, each once.
///
/// # Errors
/// The first one that does not exist.
pub(super) fn parse(scope: &str) -> Result<Vec<String>, String> {
    let mut scopes: Vec<String> = Vec::new();
    for asked in scope.split_whitespace() {
        if ![NAME, EMAIL, "openid"].contains(&asked) {
            return Err(asked.to_owned());
        }
        if !scopes.iter().any(|known| known == asked) {
            scopes.push(asked.to_owned());
        }
    }
    Ok(scopes)
}

/// The lines of the consent page. Of the e-mail address the person decides whether the app gets their own, or one of
/// Apple's that forwards to it.
pub(super) fn permissions(scopes: &[String]) -> Vec<Permission> {
    let line = |value: &str, text: &str, fixed| Permission { value: value.to_owned(), text: text.to_owned(), fixed };
    let mut lines = vec![line(ACCOUNT, "Use your Apple Account to sign in", true)];
    if scopes.iter().any(|scope| scope == NAME) {
        lines.push(line(NAME, "Tell the app the name above, this once", true));
    }
    if scopes.iter().any(|scope| scope == EMAIL) {
        let text = "Share My Email (otherwise Hide My Email: the app gets an address that forwards to yours)";
        lines.push(line(EMAIL, text, false));
    }
    lines
}
