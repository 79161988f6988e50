//! A tenant's state: tables with their indexes and uniqueness rules, changed by atomic writes. Source: design page, section 3.

pub(crate) mod authorizations;
pub(crate) mod credentials;
pub(crate) mod error;
pub(crate) mod memberships;
pub(crate) mod refresh_tokens;
pub(crate) mod search;
pub(crate) mod state;
pub(crate) mod table;
pub(crate) mod tenant;
pub(crate) mod traces;
pub(crate) mod tx;
pub(crate) mod users;
