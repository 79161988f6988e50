//! `/users/{id}/identities`: linking users and parting them again. Source: spec/linking.md §2 and §3.

mod link_with;
mod providers;
mod request;
mod secondary;
mod view;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::UserId;
use crate::domain::linking;
use crate::domain::linking::LinkError;
use crate::domain::log::LogEvent;
use crate::domain::strategy::Strategy;
use crate::domain::user::User;
use crate::http::address::Address;
use crate::http::connection::Connection;
use crate::http::failure::Failure;
use crate::keys::Keyring;
use crate::management::body::Body;
use crate::management::caller::Caller;
use crate::management::error::ApiError;
use crate::management::parameters::ApiPath;
use crate::management::users::NO_SUCH_USER;
use crate::management::users::identities::request::Asked;
use crate::management::users::identities::secondary::Secondary;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// What the tenant log says of the two operations. The texts are unverified.
const LINK: &str = "Link a User Account";
const UNLINK: &str = "Unlink a User Account";

/// The code of a refusal that no schema states (unverified).
const REFUSED: &str = "operation_not_supported";

/// The code is unverified.
const ALREADY_LINKED: ApiError =
    ApiError::Conflict { message: "Specified identity already exists.", code: Some("identity_already_exists") };

/// `POST /users/{id}/identities`: 201 with all identities of the primary. Two users become one in one write, whoever
/// signs in as either of them meanwhile.
pub(super) async fn link(
    tenant: Tenant,
    caller: Caller,
    (keyring, address, connection): (Keyring, Address, Connection),
    ApiPath((primary,)): ApiPath<(UserId,)>,
    body: Body,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let call = Call { description: LINK, caller: &caller, primary: &primary, connection };
    let result = async {
        let asked = request::read(body, &caller)?;
        if tenant.read().users.get(primary.as_str()).is_none() {
            return Err(NO_SUCH_USER);
        }
        let secondary = match asked {
            Asked::Named(named) => Secondary::Named(named),
            Asked::Token(token) => {
                Secondary::Proved(link_with::subject(&tenant, &keyring, &address, &caller, &token).await?)
            }
        };
        link_in_one_write(&tenant, &call, &secondary).await
    };
    let user = note_failure(&tenant, &call, result.await).await?;
    Ok((StatusCode::CREATED, Json(view::identities(&user, &caller))))
}

/// `DELETE /users/{id}/identities/{provider}/{user_id}`: parts a secondary identity from its primary. Answers 200 with
/// the identities that remain.
pub(super) async fn unlink(
    tenant: Tenant,
    caller: Caller,
    connection: Connection,
    ApiPath((primary, provider, id)): ApiPath<(UserId, String, String)>,
) -> Result<Json<Value>, ApiError> {
    let call = Call { description: UNLINK, caller: &caller, primary: &primary, connection };
    let result = async {
        let provider = providers::in_path(&provider)?;
        tenant.write(|tx| part(tx, &call, provider, &id)).await
    };
    let user = note_failure(&tenant, &call, result.await).await?;
    Ok(Json(view::identities(&user, &caller)))
}

/// An operation under way, for the tenant log.
struct Call<'a> {
    description: &'static str,
    caller: &'a Caller,
    primary: &'a UserId,
    connection: Connection,
}

async fn link_in_one_write(tenant: &Tenant, call: &Call<'_>, secondary: &Secondary) -> Result<User, ApiError> {
    let write = tenant.write(|tx| {
        let primary = tx.user(call.primary).ok_or(NO_SUCH_USER)?;
        let secondary_id = secondary.find(tx, call.primary)?;
        let secondary = tx.user(&secondary_id).ok_or(NO_SUCH_USER)?;
        let user = linking::link(primary, secondary, tx.now)?;
        absorb(tx, &secondary_id, &user)?;
        tx.log(call.event("sapi", StatusCode::CREATED, tx.now));
        Ok(user)
    });
    write.await
}

/// The secondary user goes with all that hangs on it, refresh tokens too: they are unknown from now on, and don't come
/// back should the identity be a user again (spec/linking.md §4, unverified).
fn absorb(tx: &mut Tx<'_>, secondary: &UserId, primary: &User) -> Result<(), ApiError> {
    tx.take_user(secondary);
    tx.refresh_tokens.retain(|_, token| token.grant.user_id != *secondary);
    let refused = |_| ApiError::refused(REFUSED, "Unable to link with the secondary account.");
    tx.put_user(primary.clone()).map_err(refused)
}

fn part(tx: &mut Tx<'_>, call: &Call<'_>, provider: Option<Strategy>, id: &str) -> Result<User, ApiError> {
    let primary = tx.user(call.primary).ok_or(NO_SUCH_USER)?;
    let provider = provider.ok_or(LinkError::NotLinked)?;
    let (user, parted) = linking::unlink(primary, provider, id, tx.now)?;
    // In this order: the identity must be nobody's before it is a user's again.
    tx.put_user(user.clone())?;
    tx.put_user(parted)?;
    tx.log(call.event("sapi", StatusCode::OK, tx.now));
    Ok(user)
}

/// A failure is in the tenant log too.
async fn note_failure<T>(tenant: &Tenant, call: &Call<'_>, result: Result<T, ApiError>) -> Result<T, ApiError> {
    if let Err(error) = &result {
        let mut event = call.event("fapi", error.status(), tenant.now());
        event.description = format!("{}: {error}", call.description);
        let write = tenant.write(|tx| {
            tx.log(event);
            Ok::<_, Failure>(())
        });
        write.await?;
    }
    result
}

impl Call<'_> {
    /// The event stands with the user it is about, so that `/users/{id}/logs` tells it (unverified).
    fn event(&self, kind: &'static str, status: StatusCode, date: Timestamp) -> LogEvent {
        let details = json!({
            "request": { "path": format!("/api/v2/users/{}/identities", self.primary), "auth": { "user_id": self.caller.subject() } },
            "response": { "statusCode": status.as_u16() },
        });
        LogEvent {
            kind,
            date,
            description: self.description.to_owned(),
            client_id: self.caller.client_id().map(Into::into),
            user_id: Some(self.primary.clone()),
            connection: None,
            ip: Some(self.connection.ip().to_string()),
            details: details.as_object().cloned().unwrap_or_default(),
        }
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        Self::refused(REFUSED, error.to_string())
    }
}
