//! Tests that need several parts at once.

mod responses;
mod signatures;
