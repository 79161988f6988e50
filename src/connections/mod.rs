//! The tenant as relying party: where to send the person, how to read what comes back. Each strategy ends in a
//! `RawProfile`, unread. Source: spec/upstreams.md, design page section 4.

pub(crate) mod ad;
pub(crate) mod adfs;
mod apple;
mod assertion;
pub(crate) mod database;
pub(crate) mod error;
mod facebook;
mod github;
mod google_oauth2;
pub(crate) mod id_token;
mod linkedin;
mod metadata;
mod oauth2;
mod oidc;
mod openid;
mod parameters;
pub(crate) mod redirect;
pub(crate) mod samlp;
#[cfg(test)]
mod testing;
mod waad;
mod windowslive;
