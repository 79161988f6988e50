//! Impostor: a local identity server that passes for an Auth0 tenant, together with the identity providers behind it.

// One line a module; who may use whom is checked by `tests/layers.rs`.
mod authentication;
mod cell;
#[doc(hidden)]
pub mod cli;
pub mod client;
mod connections;
mod domain;
mod fixtures;
pub mod gherkin;
pub mod harness;
mod http;
mod keys;
mod login;
mod management;
mod protocols;
mod server;
mod store;
mod time;
mod upstreams;
