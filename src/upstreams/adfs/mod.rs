//! AD FS in front of the directory: whoever has an account there signs in with its password, and relying parties get
//! tokens of SAML 1.1 over WS-Federation. Source: spec/upstreams.md §8; WS-Federation 1.2 §13.
//!
//! Every relying party is known, whatever its name; the claims are those of the usual rules.

mod claims;
mod metadata;
pub(crate) mod otherwise;
mod page;
mod site;
pub(crate) mod state;
#[cfg(test)]
mod tests;
mod token;
mod way;

use axum::Router;
use axum::routing::get;

use crate::upstreams::pages;

/// Paths as AD FS has them.
pub(super) fn router() -> Router {
    Router::new()
        .route("/adfs/ls", get(way::ask).post(way::sign_in))
        .route("/adfs/ls/", get(way::ask).post(way::sign_in))
        .route("/FederationMetadata/2007-06/FederationMetadata.xml", get(metadata::show))
        .route("/signin/pages.css", get(pages::stylesheet))
}
