//! Companies' SAML identity providers, as many as wanted: each with its own name, keys, accounts and pages.
//! Source: spec/upstreams.md §7; SAML 2.0 Profiles §4.1.
//!
//! A provider can be told to answer wrongly ([`wrong`]), so that a service provider can be proven.

mod answer;
mod assertion;
pub(crate) mod dialect;
mod logout;
mod message;
mod metadata;
pub(crate) mod otherwise;
mod pages;
pub(crate) mod provider;
mod request;
mod response;
mod sign_in;
pub(crate) mod state;
#[cfg(test)]
mod tests;
pub(crate) mod wrong;

use axum::Router;
use axum::routing::get;
use axum::routing::post;

use crate::upstreams::pages as shared_pages;

/// Every provider below its name: `/acme/metadata`, `/acme/sso`.
pub(super) fn router() -> Router {
    Router::new()
        .route("/{name}/metadata", get(metadata::show))
        .route("/{name}/sso", get(sign_in::by_redirect).post(sign_in::by_post))
        .route("/{name}/start", get(sign_in::unasked))
        .route("/{name}/slo", get(logout::by_redirect).post(logout::by_post))
        .route("/{name}/logout", get(logout::here))
        .route("/{name}/signin/chooser", post(sign_in::choose))
        .route("/{name}/signin/pages.css", get(shared_pages::stylesheet))
        .route("/{name}/signin/avatars/{account}", get(pages::avatar))
}
