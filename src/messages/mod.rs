//! Mails, and the tickets in their links. A mail goes into the outbox in the same write as what caused it.
//! Source: spec/management-api.md §8 and §14, spec/authentication-api.md §8.

pub(crate) mod letter;
pub(crate) mod sender;
pub(crate) mod tickets;
