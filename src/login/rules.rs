//! The list of a password policy's rules, as pages show it under the field.

use crate::domain::password_policy::Rule;

/// A rule of the password policy.
pub(super) struct RuleLine {
    pub(super) text: String,
    /// Whether the password that was tried keeps it.
    pub(super) verified: Option<bool>,
}

/// The rules with what they consist of; `tried` tells whether they were held against a password.
pub(super) fn lines(rules: &[Rule], tried: bool) -> Vec<RuleLine> {
    let line = |rule: &Rule| RuleLine { text: rule.text(), verified: tried.then_some(rule.verified) };
    rules.iter().flat_map(|rule| std::iter::once(rule).chain(rule.items())).map(line).collect()
}
