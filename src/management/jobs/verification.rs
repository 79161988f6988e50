//! Jobs that mail a verification link. Source: spec/management-api.md §7.

use axum::Json;
use axum::http::StatusCode;

use crate::domain::job::Job;
use crate::domain::job::Status;
use crate::domain::log::LogEvent;
use crate::domain::mailbox::Mailbox;
use crate::management::asked::Asked;
use crate::management::body::Body;
use crate::management::body::Checked;
use crate::management::error::ApiError;
use crate::management::formats::SOME;
use crate::management::identity;
use crate::management::identity::IDENTITY;
use crate::management::jobs;
use crate::management::schema::Call;
use crate::management::schema::Shape;
use crate::management::schema::kind::Kind::Object;
use crate::management::schema::property;
use crate::management::users::NO_SUCH_USER;
use crate::management::users::checks;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

const VERIFICATION: Shape = Shape::closed(
    &["user_id"],
    &[
        property("user_id", SOME),
        property("client_id", SOME),
        property("organization_id", SOME),
        property("identity", Object(&IDENTITY)),
    ],
);

/// `POST /jobs/verification-email`: 201 with the job, which is said to be pending, as at the real service. The mail is
/// in the outbox by then.
pub(super) async fn verify_email(
    tenant: Tenant,
    asked: Asked,
    body: Body,
) -> Result<(StatusCode, Json<Job>), ApiError> {
    let body = body.check(&VERIFICATION, Call::Create)?;
    let created = tenant.write(|tx| {
        let mailbox = mailbox(tx, &body)?;
        let client_id = match body.text("client_id") {
            Some(id) => Some(tx.client(id).ok_or_else(no_client)?.client_id.clone()),
            None => None,
        };
        let now = tx.now;
        let job = jobs::add(tx, |id| Job::new("verification_email", Status::Completed, now, id));
        asked.sender.verify_email(tx, &mailbox, client_id.as_ref());
        tx.log(asked.success("Send an email address verification email", now).about(&mailbox));
        tx.log(LogEvent { client_id, ..asked.event("svr", now).about(&mailbox) });
        Ok::<_, ApiError>(Job { status: Status::Pending, ..job })
    });
    Ok((StatusCode::CREATED, Json(created.await?)))
}

fn no_client() -> ApiError {
    ApiError::refused("inexistent_client", "The client does not exist")
}

/// The address that is to be verified. (The codes are unverified.)
fn mailbox(state: &TenantState, body: &Checked) -> Result<Mailbox, ApiError> {
    let refused = |message: &'static str| ApiError::refused("invalid_body", message);
    let user = state.users.get(body.text("user_id").unwrap_or_default()).ok_or(NO_SUCH_USER)?;
    if body.text("organization_id").is_some() {
        return Err(refused("The organization does not exist"));
    }
    let identity = match body.object("identity") {
        Some(asked) => identity::find(state, user, asked)?,
        None => user.primary().ok_or(NO_SUCH_USER)?,
    };
    let connection = state.connection_named(&identity.connection);
    let connection = connection.ok_or_else(|| refused("connection does not exist."))?;
    if !connection.strategy.is_database() {
        return Err(refused("Connection must be a database connection."));
    }
    if checks::is_disabled(connection) {
        return Err(refused("Connection must be enabled."));
    }
    user.mailbox_of(&identity.as_user_id()).ok_or_else(|| refused("User does not have an email address."))
}
