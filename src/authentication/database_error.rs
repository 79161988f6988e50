//! How the database endpoints refuse: in a form that is not OAuth's, which SDKs parse. Source: spec/authentication-api.md §8.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::authentication::signup::SignupError;
use crate::domain::password_policy;
use crate::http::failure::Failure;

/// How these endpoints refuse. Most texts are unverified.
#[derive(Debug)]
pub(super) enum DatabaseError {
    /// `{"error": …}` alone.
    Plain(StatusCode, String),
    /// `existing`: whether people may learn that a user exists (a tenant flag).
    Signup { error: SignupError, tells_existing: bool },
}

impl DatabaseError {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::Plain(StatusCode::BAD_REQUEST, text.into())
    }
}

impl From<Failure> for DatabaseError {
    fn from(failure: Failure) -> Self {
        Self::Signup { error: failure.into(), tells_existing: false }
    }
}

impl IntoResponse for DatabaseError {
    fn into_response(self) -> Response {
        let bad = |body: Value| (StatusCode::BAD_REQUEST, Json(body)).into_response();
        let named = |code: &str, description: &str| {
            bad(json!({ "name": "BadRequestError", "code": code, "description": description, "statusCode": 400 }))
        };
        let (error, tells_existing) = match self {
            Self::Plain(status, text) => return (status, Json(json!({ "error": text }))).into_response(),
            Self::Signup { error, tells_existing } => (error, tells_existing),
        };
        match error {
            SignupError::Disabled | SignupError::Missing(_) => bad(json!({ "error": error.to_string() })),
            SignupError::Exists { column: "username" } if tells_existing => {
                named("username_exists", "The username provided is in use already.")
            }
            SignupError::Exists { .. } if tells_existing => named("user_exists", "The user already exists."),
            SignupError::Exists { .. } | SignupError::Invalid(_) => named("invalid_signup", "Invalid sign up"),
            SignupError::WeakPassword(rules) => bad(json!({
                "name": "PasswordStrengthError",
                "message": "Password is too weak",
                "code": "invalid_password",
                "description": {
                    "rules": rules.iter().map(password_policy::Rule::to_json).collect::<Vec<_>>(), "verified": false
                },
                "policy": password_policy::policy_text(&rules),
                "statusCode": 400
            })),
            SignupError::Internal(failure) => failure.into_response(),
        }
    }
}
