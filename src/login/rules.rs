//! The list of a password policy's rules, as pages show it under the field.

use crate::domain::password_policy::Rule;

/// A rule of the password policy.
pub(super) struct RuleLine {
    pub(super) text: String,
    /// Whether the password that was tried keeps it.
    pub(super) verified: Option<bool>,
    /// Whether it is one of which the rule above asks for some.
    pub(super) is_part: bool,
}

/// The rules with what they consist of; `tried` tells whether they were held against a password.
pub(super) fn lines(rules: &[Rule], tried: bool) -> Vec<RuleLine> {
    let line = |rule: &Rule, is_part| RuleLine { text: rule.text(), verified: tried.then_some(rule.verified), is_part };
    let with_parts =
        |rule| std::iter::once(line(rule, false)).chain(rule.items().iter().map(move |part| line(part, true)));
    rules.iter().flat_map(with_parts).collect()
}
