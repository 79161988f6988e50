//! `/u/unblock?ticket=`: lifts a block that came of failed logins. The page is ours: the real service's is not recorded.
//! Source: spec/universal-login.md (Behaviour).

use axum::http::Method;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::ticket;
use crate::authentication::ticket::TicketError;
use crate::authentication::visitor::Visitor;
use crate::domain::ticket::Outcome;
use crate::login::result;
use crate::login::result::Said;
use crate::login::result::Secret;
use crate::login::texts::Texts;
use crate::store::tenant::Tenant;

/// Opening the page is all that it takes; looking whether there is one (`HEAD`) does nothing.
pub(super) async fn show(tenant: Tenant, visitor: Visitor, method: Method, texts: Texts, secret: Secret) -> Response {
    if method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    let title = texts.unblocked();
    let unblocked = Said { title, heading: title, text: texts.unblocked_text() };
    let failed = |heading| Said { title, heading, text: texts.not_unblocked() };
    match ticket::unblock(&tenant, &visitor, &secret.0).await {
        Ok(good) => result::show(&tenant, texts, Some(&good.ticket), Outcome::VERIFIED, unblocked),
        Err(TicketError::Expired(_)) => {
            result::show(&tenant, texts, None, Outcome::EXPIRED, failed(texts.link_expired()))
        }
        Err(TicketError::Used(_) | TicketError::Unknown) => {
            result::show(&tenant, texts, None, Outcome::USED, failed(texts.invalid_link()))
        }
        Err(TicketError::Internal(failure)) => failure.into_response(),
    }
}
