//! Where a call came in and from whom: what mails and the tenant log need to know of it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::domain::log::LogEvent;
use crate::http::address::Address;
use crate::http::connection::Connection;
use crate::management::error::ApiError;
use crate::messages::sender::Sender;
use crate::store::tenant::Tenant;
use crate::time::Timestamp;

/// A call's surroundings.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) sender: Sender,
    ip: String,
}

impl Asked {
    /// An event of `kind` with nothing but its time and where it came from; the rest is filled in by struct update.
    pub(super) fn event(&self, kind: &'static str, now: Timestamp) -> LogEvent {
        LogEvent { ip: Some(self.ip.clone()), ..LogEvent::new(kind, now) }
    }

    /// What the tenant log tells of a call that succeeded: `sapi`, with the operation's title.
    pub(super) fn success(&self, title: &str, now: Timestamp) -> LogEvent {
        LogEvent { description: title.to_owned(), ..self.event("sapi", now) }
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let tenant = Tenant::from_request_parts(parts, state).await?;
        let address = Address::from_request_parts(parts, state).await?;
        let ip = Connection::from_request_parts(parts, state).await?.ip().to_string();
        Ok(Self { sender: Sender::of(&tenant, &address), ip })
    }
}
