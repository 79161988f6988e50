//! Why `/authorize` and the steps after it refuse. Source: spec/authentication-api.md §2, spec/upstreams.md §10.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde_json::Map;
use serde_json::Value;

use crate::connections::error::Doubt;
use crate::http::body::BodyError;
use crate::http::failure::Failure;
use crate::http::parameters::ParametersError;

/// What the app, or the person on our page, is told. Display is the `error_description`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    // On our page: nothing can be trusted yet.
    #[error("Unknown client: {0}")]
    UnknownClient(String),
    #[error("Callback URL mismatch.")]
    CallbackMismatch,
    /// Unverified: the real service's text for a client without callbacks is not recorded.
    #[error("The client has no callback URL.")]
    NoCallback,
    /// Unverified text.
    #[error("The specified redirect_uri does not have a registered origin.")]
    OriginMismatch,
    #[error("The \"returnTo\" querystring parameter \"{0}\" is not defined as a valid URL in \"Allowed Logout URLs\"")]
    LogoutUrlMismatch(String),
    /// Unverified text.
    #[error(
        "The \"post_logout_redirect_uri\" parameter \"{0}\" is not defined as a valid URL in \"Allowed Logout URLs\""
    )]
    PostLogoutMismatch(String),
    /// Our own text: the real service's is longer and speaks of the browser's back button.
    #[error("This login is over, or was begun in another browser. Start again from the application.")]
    UnknownTransaction,

    // At the app.
    #[error("Missing required parameter: {0}")]
    MissingParameter(&'static str),
    /// Texts of our own; the real service's are not recorded.
    #[error("{0}")]
    InvalidRequest(Cow<'static, str>),
    #[error("Unsupported response type: {0}")]
    UnsupportedResponseType(String),
    #[error("Grant type '{0}' not allowed for the client.")]
    GrantTypeNotAllowed(&'static str),
    #[error("Service not found: {0}")]
    UnknownAudience(String),
    #[error("the connection is not enabled")]
    ConnectionNotEnabled,
    #[error("parameter organization is not allowed for this client")]
    OrganizationNotAllowed,
    #[error("parameter organization is required for this client")]
    OrganizationRequired,
    /// Unverified text.
    #[error("parameter organization is invalid: {0}")]
    UnknownOrganization(String),
    #[error("user {user} is not part of the {organization} organization")]
    NotAMember { user: String, organization: String },
    #[error("Cannot request both online_access and offline_access scopes")]
    BothRefreshScopes,
    #[error("Login required")]
    LoginRequired,
    #[error("Consent required")]
    ConsentRequired,
    #[error("User did not authorize the request")]
    Denied,
    /// Of a link that signs in. Unverified text.
    #[error("Wrong email or verification code.")]
    WrongVerificationCode,
    #[error("user is blocked")]
    UserBlocked,
    /// A connection that creates no users met a new one. Unverified (spec/caching.md §2).
    #[error("User does not exist")]
    UserDoesNotExist,
    /// The upstream's error, in its words.
    #[error("{description}")]
    Upstream { code: &'static str, description: String },
    /// What an upstream vouched with isn't believed.
    #[error("{}", .0.description)]
    Assertion(Box<Doubt>),
    /// A service provider's request isn't taken.
    #[error("{}", .0.description)]
    Request(Box<Doubt>),
    #[error("{0} is not built yet")]
    NotBuilt(&'static str),
    #[error(transparent)]
    Internal(#[from] Failure),
}

impl Refusal {
    /// `error`.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedResponseType(_) => "unsupported_response_type",
            Self::GrantTypeNotAllowed(_) => "unauthorized_client",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::Denied | Self::UserDoesNotExist | Self::Assertion(_) => "access_denied",
            Self::UserBlocked | Self::WrongVerificationCode => "unauthorized",
            Self::Upstream { code, .. } => code,
            Self::NotBuilt(_) => "unsupported",
            Self::Internal(_) => "server_error",
            _ => "invalid_request",
        }
    }

    /// Of our page.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::UnknownClient(_) | Self::CallbackMismatch | Self::OriginMismatch => StatusCode::FORBIDDEN,
            Self::NotBuilt(_) => StatusCode::NOT_IMPLEMENTED,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// What the tenant log tells besides.
    pub(crate) fn details(&self) -> Map<String, Value> {
        let mut details = Map::new();
        if let Self::Assertion(doubt) | Self::Request(doubt) = self {
            details.insert("check".to_owned(), doubt.check.into());
            details.extend(doubt.message.clone().map(|message| ("response".to_owned(), message.into())));
        }
        details
    }

    /// Whether it comes of `prompt=none`.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self, Self::LoginRequired | Self::ConsentRequired)
    }
}

impl From<ParametersError> for Refusal {
    fn from(error: ParametersError) -> Self {
        Self::InvalidRequest(error.to_string().into())
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        Self::InvalidRequest(error.to_string().into())
    }
}
