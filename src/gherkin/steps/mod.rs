//! The sentences that features are made of, one file a concept. The sentence stands above each function, an example
//! of it in the function's documentation.

pub mod apps;
pub mod clock;
pub mod management;
pub mod people;
pub mod profile;
pub mod session;
pub mod sign_in;
pub mod tokens;
