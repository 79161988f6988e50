//! Tests that need several parts at once.

mod messages;
mod responses;
mod signatures;
mod wrapping;
