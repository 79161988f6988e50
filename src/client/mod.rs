//! Talks to a running server from outside, over a socket, as its users do: a browser without a screen, an app that
//! signs people in, an administrator's scripts, and the control API that tests use.
//!
//! Nothing here knows how the server is made: it is as much use against another machine's server as against one
//! started in this process.

pub mod answer;
pub mod app;
pub mod browser;
pub mod callback;
pub mod control;
pub mod cookies;
pub mod error;
pub mod field;
pub mod form;
pub mod jwt;
pub mod login;
pub mod management;
pub mod names;
pub mod page;
pub mod people;
pub mod tokens;
pub mod transport;
