//! What each provider says when it fails, in its own error object. Source: spec/upstreams.md §1 to §6 and §9 (forms);
//! texts that are not there are worded as the providers word such things, unverified.

use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::http::faults::strike::Said;
use crate::http::faults::strike::Trouble;
use crate::upstreams::provider::Provider;

/// What the paths end with at which people are.
const PAGES: [&str; 6] =
    ["/authorize", "/authorization", "/auth", "/dialog/oauth", "/oauth20_authorize.srf", "/logout"];

/// What paths end with where tokens are given out.
const TOKENS: [&str; 5] = ["/token", "/access_token", "/accessToken", "/oauth20_token.srf", "/revoke"];

/// The answer of a provider that fails so at a path.
pub(crate) fn said(upstream: &str, path: &str, trouble: Trouble) -> Said {
    let status = trouble.status;
    let provider = Provider::of(upstream);
    let is_page = path.contains("/signin/") || PAGES.iter().any(|page| path.ends_with(page));
    let is_token = TOKENS.iter().any(|token| path.ends_with(token));
    let mut said = match provider {
        _ if is_page => Said::page(status, page(provider.map_or("The provider", Provider::label), status)),
        Some(Provider::Google) if !is_token => Said::json(status, &google_api(status)),
        Some(Provider::Google) if status.as_u16() >= 500 => Said::json(status, &json!({ "error": "internal_failure" })),
        Some(Provider::Facebook) => Said::json(status, &graph_of_facebook(status)),
        Some(Provider::Linkedin) if !is_token => Said::json(status, &linkedin_api(status)),
        Some(Provider::Microsoft) if is_token => Said::json(status, &entra(status)),
        Some(Provider::Microsoft) => Said::json(status, &graph_of_microsoft(status)),
        Some(Provider::Github) => Said::json(status, &github(status)),
        Some(Provider::Apple) => Said::json(status, &json!({ "error": oauth(status).0 })),
        _ => {
            let (error, description) = oauth(status);
            Said::json(status, &json!({ "error": error, "error_description": description }))
        }
    };
    put_limit(&mut said, provider, trouble);
    said
}

/// `error` and `error_description` in the words of RFC 6749.
fn oauth(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        401 => ("invalid_client", "Unauthorized"),
        403 => ("access_denied", "Forbidden"),
        429 => ("rate_limit_exceeded", "Rate Limit Exceeded"),
        503 | 504 => ("temporarily_unavailable", "The service is temporarily unavailable."),
        500.. => ("server_error", "Internal server error."),
        _ => ("invalid_request", "Bad Request"),
    }
}

fn google_api(status: StatusCode) -> Value {
    let (message, name) = match status.as_u16() {
        400 => ("Request contains an invalid argument.", "INVALID_ARGUMENT"),
        401 => ("Request had invalid authentication credentials.", "UNAUTHENTICATED"),
        403 => ("The caller does not have permission", "PERMISSION_DENIED"),
        404 => ("Requested entity was not found.", "NOT_FOUND"),
        429 => ("Resource has been exhausted (e.g. check quota).", "RESOURCE_EXHAUSTED"),
        503 => ("The service is currently unavailable.", "UNAVAILABLE"),
        504 => ("Deadline expired before operation could complete.", "DEADLINE_EXCEEDED"),
        _ => ("Internal error encountered.", "INTERNAL"),
    };
    json!({ "error": { "code": status.as_u16(), "message": message, "status": name } })
}

fn graph_of_facebook(status: StatusCode) -> Value {
    let (message, code) = match status.as_u16() {
        429 => ("(#4) Application request limit reached", 4),
        401 => ("Error validating access token: The session is invalid.", 190),
        500.. => ("An unexpected error has occurred. Please retry your request later.", 2),
        _ => ("An unknown error occurred", 1),
    };
    let error = json!({
        "message": message,
        "type": "OAuthException",
        "is_transient": matches!(code, 2 | 4),
        "code": code,
        "fbtrace_id": "AImpostorFaultTrace0000",
    });
    json!({ "error": error })
}

fn linkedin_api(status: StatusCode) -> Value {
    let (message, code) = match status.as_u16() {
        401 => ("Invalid access token", 65_600),
        403 => ("Not enough permissions to access this resource", 100),
        429 => ("Resource level throttle APPLICATION DAY limit for calls to this resource is reached.", 101),
        503 => ("Service Unavailable", 0),
        _ => ("Internal Server Error", 0),
    };
    json!({ "message": message, "serviceErrorCode": code, "status": status.as_u16() })
}

fn entra(status: StatusCode) -> Value {
    let (error, number, text) = match status.as_u16() {
        429 => ("invalid_request", 90_055, "There are too many incoming requests."),
        503 | 504 => ("temporarily_unavailable", 90_006, "External server retryable error. Please try again."),
        500.. => ("server_error", 90_033, "A transient error has occurred. Please try again."),
        401 => ("invalid_client", 7_000_215, "Invalid client secret provided."),
        _ => ("invalid_request", 900_144, "The request was refused."),
    };
    json!({
        "error": error,
        "error_description": format!("AADSTS{number}: {text}"),
        "error_codes": [number],
        "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
    })
}

fn graph_of_microsoft(status: StatusCode) -> Value {
    let (code, message) = match status.as_u16() {
        401 => ("InvalidAuthenticationToken", "Access token is invalid."),
        403 => ("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        429 => ("TooManyRequests", "Too many requests."),
        503 => ("ServiceNotAvailable", "The service is temporarily unavailable."),
        _ => ("InternalServerError", "An internal server error occurred."),
    };
    json!({ "error": { "code": code, "message": message, "innerError": {} } })
}

fn github(status: StatusCode) -> Value {
    let message = match status.as_u16() {
        401 => "Bad credentials",
        403 | 429 => "API rate limit exceeded",
        503 => "No server is currently available to service your request. Sorry about that.",
        _ => "Server Error",
    };
    json!({ "message": message, "documentation_url": "https://docs.github.com/rest", "status": status.as_str() })
}

fn page(name: &str, status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("Error");
    let code = status.as_u16();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Error {code} ({reason})</title></head>\
         <body><main><h1>{name}: Error {code}</h1><p>{reason}. Please try again later.</p></main></body></html>"
    )
}

/// What a provider that limits requests tells in headers: those that are known to.
fn put_limit(said: &mut Said, provider: Option<Provider>, trouble: Trouble) {
    let Some(limit) = trouble.limit else { return };
    let mut put = |name: &'static str, value: HeaderValue| {
        said.headers.insert(HeaderName::from_static(name), value);
    };
    let wait = limit.lifted_at.seconds().saturating_sub(limit.now.seconds()).max(1);
    match provider {
        Some(Provider::Github) => {
            put("x-ratelimit-limit", HeaderValue::from(limit.most.unwrap_or(5000)));
            put("x-ratelimit-remaining", HeaderValue::from(0));
            put("x-ratelimit-reset", HeaderValue::from(limit.lifted_at.seconds()));
            put("retry-after", HeaderValue::from(wait));
        }
        Some(Provider::Facebook) => {
            let usage = r#"{"call_count":100,"total_cputime":25,"total_time":25}"#;
            put("x-app-usage", HeaderValue::from_static(usage));
        }
        _ => put("retry-after", HeaderValue::from(wait)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(upstream: &str, path: &str, status: u16, pointer: &str, expected: &str) {
        let trouble = Trouble { status: StatusCode::from_u16(status).unwrap(), limit: None };
        let said = said(upstream, path, trouble);
        let body: Value = serde_json::from_slice(&said.body).unwrap();
        assert_eq!(body.pointer(pointer).and_then(Value::as_str), Some(expected), "{upstream} {path} {body}");
        assert_eq!(said.status.as_u16(), status);
    }

    #[test]
    fn each_provider_fails_in_its_own_form() {
        check("google", "/token", 500, "/error", "internal_failure");
        check("google", "/v1/userinfo", 503, "/error/status", "UNAVAILABLE");
        check("facebook", "/v19.0/me", 500, "/error/type", "OAuthException");
        check("linkedin", "/v2/userinfo", 500, "/message", "Internal Server Error");
        check("microsoft", "/common/oauth2/v2.0/token", 500, "/error", "server_error");
        check("microsoft", "/v1.0/me", 429, "/error/code", "TooManyRequests");
        check("github", "/user", 500, "/message", "Server Error");
        check("apple", "/auth/token", 500, "/error", "server_error");
        check("oidc", "/token", 503, "/error", "temporarily_unavailable");
        check("nobody", "/token", 500, "/error", "server_error");
    }

    #[test]
    fn people_get_a_page() {
        let trouble = Trouble { status: StatusCode::BAD_GATEWAY, limit: None };
        for (upstream, path) in
            [("google", "/o/oauth2/v2/auth"), ("facebook", "/v19.0/dialog/oauth"), ("apple", "/auth/authorize")]
        {
            let said = said(upstream, path, trouble);
            assert!(String::from_utf8_lossy(&said.body).contains("Error 502"), "{upstream}");
        }
    }
}
