//! Universal Login, one file a page. Source: spec/universal-login.md.
//!
//! A page belongs to a login that `/authorize` began, in the browser that began it ([`ongoing`]). What a person does on
//! it ends in `authentication`: signed in, sent to an upstream, or refused.

mod assets;
mod consent;
mod form;
mod log_in;
mod log_out;
mod ongoing;
mod page;
mod providers;
mod signup;
mod texts;
mod unbuilt;

use axum::Router;
use axum::routing::get;

/// Every page below `/u/`, and the one that asks whether to log out.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/u/login", get(log_in::show).post(log_in::submit))
        .route("/u/signup", get(signup::show).post(signup::submit))
        .route("/u/consent", get(consent::show).post(consent::submit))
        .route("/oidc/logout/confirm", get(log_out::show).post(log_out::submit))
        .route("/u/assets/pages.css", get(assets::css))
        .route("/u/assets/pages.js", get(assets::script))
        .route("/u/{*page}", get(unbuilt::page).post(unbuilt::page))
}
