//! How the control API says no: one form for all.

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::IntoResponses;
use utoipa::PartialSchema as _;
use utoipa::ToSchema;
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::RefOr;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::response::Response as Described;

use crate::harness::person::Unclear;
use crate::http::failure::Failure;

/// How large a body may be.
const MOST_BYTES: usize = 1024 * 1024;

/// Why a call of the control API was refused. Display is the `message`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    #[error("{0}")]
    Invalid(String),
    #[error("there is no {what} \"{name}\"")]
    NotFound { what: &'static str, name: String },
    #[error("{0}")]
    Unknown(String),
    #[error("there is a tenant \"{0}\" already")]
    NameTaken(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("this server listens beyond loopback: send its control key as a bearer token")]
    KeyWanted,
    #[error(
        "no port is free for a fork ({0}): delete forks, raise the limit of open files, or fork with \"port\": false"
    )]
    NoPort(String),
    #[error("the body must be JSON, with Content-Type: application/json")]
    NotJson,
    #[error("{0} is not built yet")]
    NotBuilt(String),
    #[error("this path does not take that method")]
    MethodNotAllowed,
    #[error(transparent)]
    Internal(#[from] Failure),
}

impl ControlError {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Invalid(_) => (StatusCode::BAD_REQUEST, "invalid_body"),
            Self::NotFound { .. } | Self::Unknown(_) => (StatusCode::NOT_FOUND, "not_found"),
            Self::NameTaken(_) => (StatusCode::CONFLICT, "name_taken"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Self::KeyWanted => (StatusCode::UNAUTHORIZED, "control_key_required"),
            Self::NoPort(_) => (StatusCode::SERVICE_UNAVAILABLE, "no_port"),
            Self::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json"),
            Self::NotBuilt(_) => (StatusCode::NOT_IMPLEMENTED, "not_implemented"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let body = Refusal { error: Reason { code, message: self.to_string() } };
        (status, Json(body)).into_response()
    }
}

/// The one form of a refusal.
#[derive(Serialize, ToSchema)]
pub(super) struct Refusal {
    error: Reason,
}

/// Why.
#[derive(Serialize, ToSchema)]
pub(super) struct Reason {
    /// For programs: `invalid_body`, `not_found`, `name_taken`, `conflict`, `forbidden`, `control_key_required`,
    /// `no_port`, `not_json`, `not_implemented`, `method_not_allowed`, `internal`.
    code: &'static str,
    /// For people.
    message: String,
}

impl From<Unclear> for ControlError {
    fn from(error: Unclear) -> Self {
        match error {
            Unclear::Nobody(_) => Self::Unknown(error.to_string()),
            Unclear::Several { .. } => Self::Conflict(error.to_string()),
        }
    }
}

/// Every call may be refused, and always in this form.
impl IntoResponses for ControlError {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Described>> {
        let content = ContentBuilder::new().schema(Some(Refusal::schema())).build();
        let refused = ResponseBuilder::new().description("Refused").content("application/json", content).build();
        [("default".to_owned(), RefOr::T(refused))].into()
    }
}

/// The body of a call that takes none: nothing, or an object without members.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Empty {}

/// A JSON body, read whole and in full: what the type doesn't know is refused.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ControlError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ControlError> {
        let bytes = axum::body::to_bytes(request.into_body(), MOST_BYTES).await;
        let bytes =
            bytes.map_err(|_| ControlError::Invalid("the body is larger than 1 MiB or broke off".to_owned()))?;
        let bytes = if bytes.is_empty() { b"{}".as_slice().into() } else { bytes };
        // A structure would be read from an array, too, its members by their place.
        if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|first| *first == b'[') {
            return Err(ControlError::Invalid("the body must be a JSON object".to_owned()));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| ControlError::Invalid(error.to_string()))
    }
}
