//! `GET /user/emails`: the person's addresses, for apps that may know them. Source: spec/upstreams.md §6.

use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::github::error::ApiError;
use crate::upstreams::github::scopes;
use crate::upstreams::github::session::Session;

const HELP: &str = "/users/emails#list-email-addresses-for-the-authenticated-user";

/// `GET /user/emails`: with `user:email`; without, it is not there.
pub(super) async fn all(session: Session) -> Result<Response, ApiError> {
    listed(&session, |_| true)
}

/// `GET /user/public_emails`: those that everybody sees.
pub(super) async fn public(session: Session) -> Result<Response, ApiError> {
    listed(&session, |entry| entry.get("visibility").and_then(Value::as_str) == Some("public"))
}

fn listed(session: &Session, fits: impl Fn(&&Value) -> bool) -> Result<Response, ApiError> {
    if !scopes::allows(&session.token.grant, scopes::USER_EMAIL) {
        return Err(ApiError::NotFound(HELP));
    }
    let emails = session.account.attributes.get("emails").and_then(Value::as_array);
    let shown: Vec<_> = emails.into_iter().flatten().filter(fits).cloned().collect();
    Ok(session.answer("user, user:email", json!(shown)))
}
