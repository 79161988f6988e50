//! `POST /jobs/users-imports`. Source: spec/management-api.md §7.
//!
//! The file is small, so the import is over by the time of the answer, which says all the same that it is pending, as
//! the real service's does: who asks about the job finds it done.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::connection::Connection;
use crate::domain::job::Job;
use crate::domain::job::Status;
use crate::domain::log::LogEvent;
use crate::management::asked::Asked;
use crate::management::error::ApiError;
use crate::management::jobs;
use crate::management::jobs::imported;
use crate::management::jobs::imported::Done;
use crate::management::jobs::imported::NotImported;
use crate::management::jobs::posted::Posted;
use crate::management::users::checks;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// What the job says of a file that is no list in JSON.
const NO_LIST: &str = "Failed to parse users file JSON when importing users. Make sure it is valid JSON.";

/// Imports the users of the file: each that fits, whatever is wrong with others.
pub(super) async fn create(tenant: Tenant, asked: Asked, posted: Posted) -> Result<(StatusCode, Json<Job>), ApiError> {
    let connection = connection(&tenant.read(), &posted.connection_id)?;
    let users = serde_json::from_slice::<Vec<Value>>(&posted.users).ok();
    if users
        .iter()
        .flatten()
        .any(|user| ["custom_password_hash", "mfa_factors"].iter().any(|key| user.get(key).is_some()))
    {
        return Err(ApiError::NotBuilt("importing a custom_password_hash or mfa_factors".to_owned()));
    }
    let created = tenant.write(|tx| {
        let mut extra = Map::from_iter([
            ("connection_id".to_owned(), json!(connection.id)),
            ("connection".to_owned(), json!(connection.name)),
        ]);
        extra.extend(posted.external_id.clone().map(|id| ("external_id".to_owned(), id.into())));
        let now = tx.now;
        let new = |id| Job { extra, ..Job::new("users_import", Status::Pending, now, id) };
        let pending = jobs::add(tx, new);
        let done = if let Some(users) = users {
            import(tx, &connection, users, posted.upsert, pending.clone())
        } else {
            let mut failed = Job { status: Status::Failed, ..pending.clone() };
            failed.extra.insert("status_details".to_owned(), NO_LIST.into());
            failed
        };
        tx.jobs.put(done.id.clone(), done);
        let connection = Some(connection.name.clone());
        tx.log(LogEvent { connection, ..asked.success("Create a Job to Import Users", now) });
        Ok::<_, ApiError>(pending)
    });
    Ok((StatusCode::ACCEPTED, Json(created.await?)))
}

/// The database that users can be imported into.
fn connection(state: &TenantState, id: &str) -> Result<Arc<Connection>, ApiError> {
    let refused = |message: &'static str| ApiError::refused("invalid_body", message);
    let connection = state.connections.get(id).ok_or_else(|| refused("The connection does not exist."))?;
    if !connection.strategy.is_database() {
        return Err(refused("Connection must be a database connection."));
    }
    if checks::is_disabled(connection) {
        return Err(refused("Connection must be enabled."));
    }
    if connection.flag_option("enabledDatabaseCustomization") && !connection.flag_option("import_mode") {
        return Err(refused("Custom Database Connections without import mode are not allowed."));
    }
    Ok(Arc::clone(connection))
}

/// Imports one after the other, and gives the job as it is then.
fn import(tx: &mut Tx<'_>, connection: &Connection, users: Vec<Value>, upsert: bool, job: Job) -> Job {
    let (total, mut inserted, mut updated, mut errors) = (users.len(), 0, 0, Vec::new());
    for user in users {
        match imported::put(tx, connection, &user, upsert) {
            Ok(Done::Inserted) => inserted += 1,
            Ok(Done::Updated) => updated += 1,
            Err(NotImported { code, message, path }) => {
                let mut error =
                    Map::from_iter([("code".to_owned(), code.into()), ("message".to_owned(), message.into())]);
                error.extend(path.map(|path| ("path".to_owned(), path.into())));
                errors.push(json!({ "user": imported::without_secrets(user), "errors": [error] }));
            }
        }
    }
    let mut job = Job { status: Status::Completed, ..job };
    let summary = json!({ "failed": errors.len(), "updated": updated, "inserted": inserted, "total": total });
    job.extra.insert("summary".to_owned(), summary);
    Job { errors, ..job }
}
