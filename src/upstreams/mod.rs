//! The fakes: each a small server of somebody else's protocol, with its own accounts, pages and words.
//! Source: design page, section 2; spec/upstreams.md.

pub(crate) mod accounts;
pub(crate) mod active_directory;
pub(crate) mod adfs;
mod apple;
mod behaviours;
pub(crate) mod clients;
mod dialogs;
mod facebook;
mod fake;
mod github;
mod google;
mod grants;
pub(crate) mod handle;
mod keys;
mod linkedin;
mod microsoft;
mod oidc;
mod openid;
mod page_form;
mod pages;
mod pictures;
pub(crate) mod provider;
mod request;
pub(crate) mod saml;
mod sign_in;
pub(crate) mod state;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod trouble;
pub(crate) mod whose;

pub(crate) use crate::upstreams::handle::Base;
pub(crate) use crate::upstreams::handle::Upstreams;
pub(crate) use crate::upstreams::provider::fake_of_host;
pub(crate) use crate::upstreams::state::UpstreamState;

/// Every fake below its name: `/google/…`, `/facebook/…`. Requests need [`Upstreams`] and, unless a [`Base`] is in
/// them, the [`crate::http::address::Address`] that they were asked at.
pub(crate) fn router() -> axum::Router {
    axum::Router::new()
        .nest("/adfs", adfs::router())
        .nest("/apple", apple::router())
        .nest("/facebook", facebook::router())
        .nest("/github", github::router())
        .nest("/google", google::router())
        .nest("/linkedin", linkedin::router())
        .nest("/microsoft", microsoft::router())
        .nest("/oidc", oidc::router())
        .nest("/saml", saml::router())
        // Without one of its own, a router that is nested drops what those in it answer to other paths.
        .fallback(|| async { axum::http::StatusCode::NOT_FOUND })
}
