//! Users' own JavaScript, run in a sandbox. Source: spec/extensibility.md, spec/enterprise.md §2.6.

#![cfg_attr(not(test), expect(dead_code, reason = "its first user is the connection to Active Directory"))]

mod console;
mod crypto;
mod engine;
pub(crate) mod error;
mod host;
pub(crate) mod sandbox;
