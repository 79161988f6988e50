//! What each boundary says when it fails: the tenant's, in the real service's forms, and the providers', in theirs.
//! Source: spec/management-api.md §2 and §4, spec/authentication-api.md (introduction). Texts that neither has are
//! unverified.

use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use serde_json::json;

use crate::authentication::error_page;
use crate::http::faults::scope::Subject;
use crate::http::faults::strike::Limit;
use crate::http::faults::strike::Said;
use crate::http::faults::strike::Trouble;
use crate::upstreams::trouble;

/// How many requests the Management API takes at a time, in the smallest plan.
const MANAGEMENT_LIMIT: u32 = 2;

/// How many requests the Authentication API takes in a minute.
const AUTHENTICATION_LIMIT: u32 = 300;

/// How many requests `/userinfo` takes at a time, for a user.
const USERINFO_LIMIT: u32 = 10;

/// The paths that people see in a browser.
const PAGES: [&str; 8] =
    ["/authorize", "/login", "/u/", "/logout", "/v2/logout", "/oidc/logout", "/activate", "/samlp/"];

/// The answer of who was asked, when it fails so.
pub(super) fn of(subject: &Subject<'_>, trouble: Trouble) -> Said {
    if let Some(upstream) = subject.upstream {
        return trouble::said(upstream, subject.path, trouble);
    }
    let path = subject.path;
    let is_page = path == "/" || PAGES.iter().any(|page| path.starts_with(page));
    let (mut said, limit) = if path.starts_with("/api/v2") {
        (management(trouble.status), MANAGEMENT_LIMIT)
    } else if is_page {
        (page(trouble.status), AUTHENTICATION_LIMIT)
    } else if path == "/userinfo" && trouble.limit.is_some() {
        (oauth(trouble.status, "access_denied", "Too Many Requests"), USERINFO_LIMIT)
    } else if path.starts_with("/dbconnections/") {
        let (_, description) = words(trouble.status);
        (Said::json(trouble.status, &json!({ "error": description })), AUTHENTICATION_LIMIT)
    } else {
        let (code, description) = words(trouble.status);
        (oauth(trouble.status, code, description), AUTHENTICATION_LIMIT)
    };
    if let Some(reached) = trouble.limit {
        put_limit(&mut said, reached, limit);
        if path.starts_with("/api/v2") {
            put(&mut said, "retry-after", seconds_until(reached));
        }
    }
    said
}

fn management(status: StatusCode) -> Said {
    let (message, code) = match status.as_u16() {
        400 => ("Payload validation error", "invalid_body"),
        401 => ("Invalid token", "invalid_token"),
        403 => ("Insufficient scope", "insufficient_scope"),
        404 => ("Not Found", "not_found"),
        409 => ("Conflict", "conflict"),
        429 => ("Global limit has been reached", "too_many_requests"),
        503 => ("Service unavailable", "service_unavailable"),
        504 => ("Gateway timeout", "gateway_timeout"),
        500.. => ("Internal error", "internal_error"),
        _ => ("The request was refused", "operation_not_supported"),
    };
    let error = status.canonical_reason().unwrap_or("Error");
    let body = json!({ "statusCode": status.as_u16(), "error": error, "message": message, "errorCode": code });
    Said::json(status, &body)
}

fn oauth(status: StatusCode, code: &str, description: &str) -> Said {
    let mut body = json!({ "error": code, "error_description": description });
    if code == "too_many_requests"
        && let Some(members) = body.as_object_mut()
    {
        members.insert("error_uri".to_owned(), "https://auth0.com/docs/policies/rate-limits".into());
    }
    let mut said = Said::json(status, &body);
    said.headers.insert("cache-control", HeaderValue::from_static("no-store"));
    said.headers.insert("pragma", HeaderValue::from_static("no-cache"));
    said
}

fn page(status: StatusCode) -> Said {
    let (code, description) = words(status);
    let mut said = Said::page(status, error_page::html(code, description));
    said.headers.insert("cache-control", HeaderValue::from_static("no-store"));
    said
}

/// `error` and `error_description` for a status.
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        401 => ("access_denied", "Unauthorized"),
        403 => ("access_denied", "Forbidden"),
        404 => ("not_found", "Not Found"),
        429 => ("too_many_requests", "Global limit has been reached"),
        503 => ("temporarily_unavailable", "The service is temporarily unavailable. Please try again later."),
        500.. => ("server_error", "An unexpected error occurred. Please try again later."),
        _ => ("invalid_request", "The request was refused"),
    }
}

fn put_limit(said: &mut Said, reached: Limit, usual: u32) {
    put(said, "x-ratelimit-limit", reached.most.unwrap_or(usual).into());
    put(said, "x-ratelimit-remaining", 0);
    put(said, "x-ratelimit-reset", reached.lifted_at.seconds());
}

fn put(said: &mut Said, name: &'static str, value: i64) {
    said.headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
}

fn seconds_until(reached: Limit) -> i64 {
    reached.lifted_at.seconds().saturating_sub(reached.now.seconds()).max(1)
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::Value;

    use super::*;
    use crate::http::faults::scope::Caller;
    use crate::time::Timestamp;

    fn say(path: &str, status: u16, limit: Option<Limit>) -> Said {
        let subject = Subject { method: &Method::GET, path, upstream: None, caller: Caller::Visitor };
        of(&subject, Trouble { status: StatusCode::from_u16(status).unwrap(), limit })
    }

    fn body(said: &Said) -> Value {
        serde_json::from_slice(&said.body).unwrap()
    }

    #[test]
    fn each_boundary_fails_in_its_own_form() {
        let management = body(&say("/api/v2/users", 503, None));
        assert_eq!((&management["statusCode"], &management["error"]), (&json!(503), &json!("Service Unavailable")));
        assert_eq!(body(&say("/oauth/token", 500, None))["error"], "server_error");
        assert!(body(&say("/dbconnections/signup", 500, None))["error"].is_string());
        let page = say("/u/login", 503, None);
        assert!(String::from_utf8_lossy(&page.body).contains("temporarily_unavailable"));
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    }

    #[test]
    fn a_limit_is_told_in_the_headers() {
        let now = Timestamp::from_seconds(1000);
        let limit = Limit { most: None, lifted_at: now.plus_seconds(30), now };
        let said = say("/api/v2/users", 429, Some(limit));
        assert_eq!(body(&said)["message"], "Global limit has been reached");
        for (name, value) in [
            ("x-ratelimit-limit", "2"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1030"),
            ("retry-after", "30"),
        ] {
            assert_eq!(said.headers[name], value, "{name}");
        }
        let said = say("/oauth/token", 429, Some(Limit { most: Some(7), ..limit }));
        assert_eq!(
            (&said.headers["x-ratelimit-limit"], said.headers.get("retry-after")),
            (&"7".parse().unwrap(), None)
        );
        assert_eq!(body(&say("/userinfo", 429, Some(limit)))["error_description"], "Too Many Requests");
    }
}
