//! What a tenant knows and the rules over it: plain values and pure functions, no I/O, no clock, no HTTP.
//! `now` and `rng` are arguments.

pub(crate) mod account;
pub(crate) mod authentication_method;
pub(crate) mod claims;
pub(crate) mod client;
pub(crate) mod client_defaults;
pub(crate) mod connection;
pub(crate) mod connector;
pub(crate) mod directory_login;
pub(crate) mod document;
pub(crate) mod grant;
pub(crate) mod id;
pub(crate) mod job;
pub(crate) mod linking;
pub(crate) mod log;
pub(crate) mod mailbox;
pub(crate) mod management_scopes;
pub(crate) mod message;
pub(crate) mod organization;
pub(crate) mod passcode;
pub(crate) mod password;
pub(crate) mod password_policy;
pub(crate) mod profile;
pub(crate) mod resource_server;
pub(crate) mod role;
pub(crate) mod session;
pub(crate) mod signing;
pub(crate) mod strategy;
pub(crate) mod tenant;
pub(crate) mod ticket;
pub(crate) mod tokens;
pub(crate) mod transaction;
pub(crate) mod url_rules;
pub(crate) mod user;
