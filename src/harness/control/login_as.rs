//! `login as` links: a browser that opens one is signed in as that person.
#![expect(unused_qualifications, reason = "the derived description names what it needs in full")]

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Deserialize;
use url::Url;
use utoipa::IntoParams;

use crate::authentication::session;
use crate::authentication::visitor::Visitor;
use crate::domain::profile::cache;
use crate::domain::user::User;
use crate::harness::control::error::ControlError;
use crate::harness::traveller;
use crate::http::failure::Failure;
use crate::server::site::Site;

/// Whom the link signs in, and where it leads.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginAs {
    /// A `user_id`, an e-mail address, a username, or `FAKE:ID` of somebody who signed in before.
    person: String,
    /// Where the browser goes then: the app's address, or a path of the tenant such as `/authorize?…`. Without it a line
    /// says who is signed in.
    to: Option<String>,
}

/// Signs the browser that opens this in as that person, without a password: `page.goto`, `cy.visit`, a bookmark.
///
/// It may be opened as often as wished. The browser then has a session, as after a login: apps that send it to
/// `/authorize` get their answer without a login page. Pages of other sites can't use it: it wants a visit, and refuses
/// `Sec-Fetch-Site: cross-site`. Beyond loopback it wants the control key, which a link can't hold.
#[utoipa::path(get, path = "/login-as", tag = "logins", params(LoginAs), responses((status = 200, description = "Signed in"), (status = 302, description = "Signed in; on to where the link leads"), ControlError))]
pub(super) async fn open(
    site: Site,
    visitor: Visitor,
    headers: HeaderMap,
    query: Result<Query<LoginAs>, QueryRejection>,
) -> Result<Response, ControlError> {
    let Query(query) = query.map_err(|error| ControlError::Invalid(error.body_text()))?;
    if headers.get("sec-fetch-mode").is_some_and(|mode| mode != "navigate") {
        return Err(ControlError::Forbidden("a login link is to be visited, not fetched or framed by a page"));
    }
    if headers.get("sec-fetch-dest").is_some_and(|place| place != "document") {
        return Err(ControlError::Forbidden("a login link is to be visited, not fetched or framed by a page"));
    }
    let to = query.to.as_deref().map(destination).transpose()?;
    let user = traveller::user(&site, &query.person)?;
    if user.is_blocked() {
        return Err(ControlError::Conflict(format!("{} is blocked", user.user_id)));
    }
    let connection = user.primary().map(|primary| primary.connection.clone()).unwrap_or_default();
    let begun = site.tenant.write(|tx| {
        let gone = || ControlError::NotFound { what: "user", name: user.user_id.to_string() };
        let current = User::clone(tx.users.get(user.user_id.as_str()).ok_or_else(gone)?);
        let arrived = cache::arrived(current, tx.now, &visitor.ip);
        tx.put_user(arrived).map_err(Failure::new)?;
        Ok::<_, ControlError>(session::begin(tx, &visitor, &user.user_id, &connection))
    });
    let begun = begun.await?;
    let mut response = match to {
        Some(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        None => format!("Signed in as {}.\n", user.user_id).into_response(),
    };
    let cookies = visitor.session_cookies(&begun.secret, &site.tenant.read().settings);
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// A path of the tenant's own, or an address over http or https.
fn destination(to: &str) -> Result<HeaderValue, ControlError> {
    let wrong =
        || ControlError::Invalid("\"to\" must be a path of the tenant (/authorize?…) or an http(s) address".to_owned());
    let is_own = to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\");
    let is_web = || Url::parse(to).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_own && !is_web() {
        return Err(wrong());
    }
    HeaderValue::from_str(to).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_tenant_or_to_the_web() {
        for to in ["/authorize?client_id=a", "http://localhost:3000/", "https://app.example/x?y#z"] {
            assert_eq!(destination(to).unwrap(), to);
        }
        for to in ["", "//evil.example", "/\\evil.example", "javascript:alert(1)", "data:text/html,x", "/a\r\nb: c"] {
            assert!(destination(to).is_err(), "{to}");
        }
    }
}
