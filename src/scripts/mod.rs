//! Users' own JavaScript, run in a sandbox. Source: spec/extensibility.md, spec/enterprise.md §2.6.

pub(crate) mod console;
mod crypto;
mod engine;
pub(crate) mod error;
mod host;
pub(crate) mod profile_mapper;
pub(crate) mod sandbox;
