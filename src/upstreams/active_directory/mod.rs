//! Active Directory: a domain's directory as a value, and what a domain controller answers over LDAP.
//! Source: spec/enterprise.md §2.5 and §2.9; MS-ADTS; RFC 4511 to 4519.
//!
//! Everything here is synchronous; connections are the server's.

pub(crate) mod account;
mod adding;
mod bind;
mod binding;
pub(crate) mod directory;
pub(crate) mod domain;
pub(crate) mod editor;
pub(crate) mod entry;
pub(crate) mod identifiers;
mod key;
pub(crate) mod links;
mod matching;
mod modifying;
mod moving;
mod pages;
mod passwords;
mod plan;
pub(crate) mod refusal;
mod root;
pub(crate) mod schema;
mod schema_contents;
mod schema_table;
mod search;
mod searching;
pub(crate) mod secret;
mod selection;
pub(crate) mod session;
mod setup;
pub(crate) mod view;

#[cfg(test)]
pub(super) mod tests;
