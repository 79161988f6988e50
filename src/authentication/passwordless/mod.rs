//! Logins without a password: a code, or a link that holds one, goes to an e-mail address or a phone number.
//! Source: spec/authentication-api.md §3 and §7, spec/profile.md §6.14.

pub(crate) mod error;
pub(super) mod link;
pub(crate) mod passcodes;
pub(super) mod start;
