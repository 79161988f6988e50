//! What a call for an import sends: a form of parts (RFC 7578). Source: spec/management-api.md §7.

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::FromRequest;
use axum::extract::Multipart;
use axum::extract::Request;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;

use crate::management::error::ApiError;
use crate::management::formats::is_connection_id;

/// How large the whole body may be, in bytes.
const MOST_BYTES: usize = 512_000;

/// The parts of an import.
pub(super) struct Posted {
    /// The file, not read yet.
    pub(super) users: Bytes,
    pub(super) connection_id: String,
    pub(super) upsert: bool,
    pub(super) external_id: Option<String>,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, ApiError> {
        let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: usize| length > MOST_BYTES) {
            return Err(ApiError::TooLarge(MOST_BYTES));
        }
        DefaultBodyLimit::max(MOST_BYTES).apply(&mut request);
        let mut form = Multipart::from_request(request, state).await.map_err(|_| ApiError::NotJsonType)?;
        let (mut users, mut connection_id, mut upsert, mut external_id) = (None, None, false, None);
        while let Some(field) = form.next_field().await.map_err(refused)? {
            match field.name().unwrap_or_default() {
                "users" => users = Some(field.bytes().await.map_err(refused)?),
                "connection_id" => connection_id = Some(field.text().await.map_err(refused)?),
                "upsert" => upsert = flag("upsert", &field.text().await.map_err(refused)?)?,
                "external_id" => external_id = Some(field.text().await.map_err(refused)?),
                // A tenant here has no administrators whom a mail could be sent to.
                "send_completion_email" => {
                    flag("send_completion_email", &field.text().await.map_err(refused)?)?;
                }
                _ => drop(field.bytes().await.map_err(refused)?),
            }
        }
        let refused = |message: &'static str| ApiError::refused("invalid_body", message);
        let users = users.ok_or_else(|| refused("Must provide 'users' file as multipart part."))?;
        if users.is_empty() {
            return Err(refused("Users file must not be empty."));
        }
        let connection_id = connection_id.filter(|id| !id.is_empty());
        let connection_id = connection_id.ok_or_else(|| refused("Must provide 'connection_id' as multipart part."))?;
        if !is_connection_id(&connection_id) {
            let problem = "String does not match pattern ^con_[A-Za-z0-9]{16}$".to_owned();
            return Err(ApiError::InvalidProperty { problem, property: "connection_id".to_owned() });
        }
        Ok(Self { users, connection_id, upsert, external_id })
    }
}

fn refused(error: MultipartError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::TooLarge(MOST_BYTES);
    }
    ApiError::InvalidBody("Invalid multipart payload format".to_owned())
}

fn flag(name: &str, text: &str) -> Result<bool, ApiError> {
    match text {
        "true" => Ok(true),
        "false" | "" => Ok(false),
        _ => Err(ApiError::InvalidProperty {
            problem: "Expected type boolean but found type string".to_owned(),
            property: name.to_owned(),
        }),
    }
}
