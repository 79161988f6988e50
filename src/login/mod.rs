//! Universal Login, one file a page. Source: spec/universal-login.md.
//!
//! A page belongs to a login that `/authorize` began, in the browser that began it ([`ongoing`]). What a person does on
//! it ends in `authentication`: signed in, sent to an upstream, or refused. Pages that the links of mails open belong to
//! no login ([`result`]): whoever has the ticket may open them, in any browser.

mod assets;
mod captcha;
mod consent;
mod directory;
mod expired;
mod form;
mod log_in;
mod log_out;
mod ongoing;
mod page;
mod passwordless;
mod people;
mod providers;
mod reset_password;
mod reset_request;
mod result;
mod rules;
mod signup;
mod texts;
mod texts_codes;
mod texts_mail;
mod unblock;
mod unbuilt;
mod verification;

use axum::Router;
use axum::routing::get;

/// Every page below `/u/`, and the one that asks whether to log out.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/u/login", get(log_in::show).post(log_in::submit))
        .route("/u/login/passwordless-email-challenge", get(passwordless::show).post(passwordless::submit))
        .route("/u/login/passwordless-sms-challenge", get(passwordless::show).post(passwordless::submit))
        .route("/u/login/password-expired", get(expired::begin).post(expired::submit))
        .route("/u/signup", get(signup::show).post(signup::submit))
        .route("/u/consent", get(consent::show).post(consent::submit))
        .route("/oidc/logout/confirm", get(log_out::show).post(log_out::submit))
        .route("/u/reset-password/request/{connection}", get(reset_request::show).post(reset_request::submit))
        .route("/u/reset-password", get(reset_password::show).post(reset_password::submit))
        .route("/u/email-verification", get(verification::show))
        .route("/u/unblock", get(unblock::show))
        .route("/u/assets/pages.css", get(assets::css))
        .route("/u/assets/pages.js", get(assets::script))
        .route("/u/{*page}", get(unbuilt::page).post(unbuilt::page))
}
