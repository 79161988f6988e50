//! The Authentication API: OAuth 2.0 and OpenID Connect towards apps. Source: spec/authentication-api.md, spec/tokens.md.
//!
//! A handler parses, checks, changes, answers. `/authorize` only redirects to the pages of `login`, which come back
//! by [`arrival`].

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::get;
use axum::routing::post;

pub(crate) mod arrival;
pub(crate) mod authorize;
mod callback;
mod certificates;
mod client_auth;
mod code;
pub(crate) mod cors;
mod database_error;
mod dbconnections;
pub(crate) mod departure;
pub(crate) mod directory;
mod discovery;
pub(crate) mod error;
pub(crate) mod error_page;
pub(crate) mod events;
pub(crate) mod forge;
mod grants;
mod jwks;
mod logout;
mod mint;
pub(crate) mod oidc_logout;
pub(crate) mod on_demand;
pub(crate) mod own;
pub(crate) mod password;
pub(crate) mod passwordless;
mod posted;
pub(crate) mod reset;
mod revoke;
mod saml_logout;
mod saml_metadata;
mod samlp;
pub(crate) mod session;
pub(crate) mod signup;
mod sweep;
#[cfg(test)]
mod testing;
pub(crate) mod ticket;
mod token;
mod unbuilt;
mod userinfo;
pub(crate) mod visitor;
mod wsfed;

/// The real service knows no 405 here: a path with another method isn't there (unverified).
const NOT_FOUND: (StatusCode, &str) = (StatusCode::NOT_FOUND, "Not Found");

/// Every path of the Authentication API below a tenant's address.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::read))
        .route("/.well-known/oauth-authorization-server", get(discovery::read))
        .route("/.well-known/jwks.json", get(jwks::read))
        .route("/pem", get(certificates::pem))
        .route("/rawpem", get(certificates::raw_pem))
        .route("/cer", get(certificates::cer))
        .route("/pb7", get(certificates::pb7))
        .route("/fingerprint", get(certificates::fingerprint))
        .route("/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/authorize/resume", get(authorize::resume::resume))
        .route("/login/callback", get(callback::callback).post(callback::callback))
        .route("/samlp/metadata", get(saml_metadata::read))
        .route("/samlp/metadata/{client}", get(samlp::metadata::read))
        .route("/samlp/{client}", get(samlp::sign_on::sign_on).post(samlp::sign_on::sign_on))
        .route("/samlp/{client}/logout", get(samlp::logout::logout).post(samlp::logout::logout))
        .route("/wsfed", get(wsfed::passive::passive))
        .route("/wsfed/{client}", get(wsfed::passive::passive))
        .route("/wsfed/FederationMetadata/2007-06/FederationMetadata.xml", get(wsfed::metadata::read))
        .route("/wsfed/{client}/FederationMetadata/2007-06/FederationMetadata.xml", get(wsfed::metadata::read))
        .route("/{client}/wsfed/FederationMetadata/2007-06/FederationMetadata.xml", get(wsfed::metadata::read))
        .route("/oauth/token", post(token::exchange))
        .route("/oauth/revoke", post(revoke::revoke))
        .route("/userinfo", get(userinfo::read).post(userinfo::read))
        .route("/v2/logout", get(logout::logout))
        .route("/logout", get(saml_logout::logout).post(saml_logout::logout))
        .route("/oidc/logout", get(oidc_logout::logout).post(oidc_logout::logout))
        .route("/dbconnections/signup", post(dbconnections::sign_up))
        .route("/dbconnections/change_password", post(dbconnections::change_password))
        .route("/passwordless/start", post(passwordless::start::start))
        .route("/passwordless/verify_redirect", get(passwordless::link::follow))
        .merge(unbuilt::router())
        .method_not_allowed_fallback(async || NOT_FOUND)
        .fallback(async || NOT_FOUND)
        .layer(from_fn(cors::layer))
}
