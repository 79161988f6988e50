//! The server from outside, over real sockets, in the words of its clients: one file a subject.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stand outside #[test] functions here"
)]

mod ages;
mod api;
mod app_under_test;
mod bad_input;
mod clients;
mod codes;
mod commands;
mod connections;
mod consent;
mod control;
mod directory;
mod directory_mapper;
mod directory_passwords;
mod entra;
mod faults;
mod forged;
mod forks;
mod harness;
mod hosts;
mod jobs;
mod journal;
mod ldap;
mod linking;
mod login_as;
mod logins;
mod mail;
mod management;
mod management_access;
mod management_lists;
mod minted;
mod passwordless;
mod people;
mod refresh;
mod roles;
mod saml_addon;
mod saml_provider;
mod seed;
mod signing;
mod tenant;
mod traces;
mod users;
mod wsfed;
