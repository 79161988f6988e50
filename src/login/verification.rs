//! `/u/email-verification?ticket=`: verifies an e-mail address. Source: spec/management-api.md §8.

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

/// What the app is told of an address that was verified before (unverified).
const ALREADY: Outcome =
    Outcome { success: true, code: "already_verified", message: "This account is already verified." };

/// Opening the page is all that it takes; looking whether there is one (`HEAD`) does nothing.
pub(super) async fn show(tenant: Tenant, visitor: Visitor, method: Method, texts: Texts, secret: Secret) -> Response {
    if method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    let title = texts.email_verification();
    let verified = Said { title, heading: texts.email_verified(), text: texts.email_verified_text() };
    let already = Said { title, heading: texts.email_verified(), text: texts.already_verified() };
    let failed = Said { title, heading: texts.error(), text: texts.not_verified() };
    match ticket::verify_email(&tenant, &visitor, &secret.0).await {
        Ok(good) if good.mailbox.verified => result::show(&tenant, texts, Some(&good.ticket), ALREADY, already),
        Ok(good) => result::show(&tenant, texts, Some(&good.ticket), Outcome::VERIFIED, verified),
        Err(TicketError::Used(ticket)) => result::show(&tenant, texts, Some(&ticket), Outcome::USED, failed),
        Err(TicketError::Expired(ticket)) => result::show(&tenant, texts, Some(&ticket), Outcome::EXPIRED, failed),
        Err(TicketError::Unknown) => {
            let unknown = Said { text: texts.invalid_code(), ..failed };
            result::show(&tenant, texts, None, Outcome::USED, unknown)
        }
        Err(TicketError::Internal(failure)) => failure.into_response(),
    }
}
