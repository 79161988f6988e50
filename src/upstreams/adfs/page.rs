//! The page where people sign in.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::upstreams::adfs::site::Site;
use crate::upstreams::pages;
use crate::upstreams::pages::ErrorPage;
use crate::upstreams::pages::Frame;

#[derive(Template)]
#[template(path = "upstreams/pages/adfs.html")]
struct SignIn<'a> {
    frame: Frame,
    /// The relying party.
    realm: &'a str,
    /// What was asked: the form is posted to the same address.
    query: &'a str,
    typed: &'a str,
    problem: Option<&'a str>,
}

/// Asks for name and password. `typed` is what was typed or hinted, `problem` what was wrong with it.
///
/// # Errors
/// A failure of the template.
pub(super) fn sign_in(site: &Site, realm: &str, typed: &str, problem: Option<&str>) -> Result<Response, ErrorPage> {
    let page = SignIn { frame: Site::frame(), realm, query: &site.query, typed, problem };
    Ok(pages::answer(StatusCode::OK, &page)?)
}

/// Says that the session is over.
///
/// # Errors
/// A failure of the template.
pub(super) fn signed_out() -> Result<Response, ErrorPage> {
    pages::notice_of(Site::frame(), "Sign out", "AD FS", "You have been signed out.")
}
