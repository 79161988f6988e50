//! How a login fails: on our own page until the redirect is trusted, at the app afterwards.
//! Source: spec/authentication-api.md §2, RFC 6749 §4.1.2.1.

use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::authorize::redirect::TrustedRedirect;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::error_page::ErrorPage;
use crate::authentication::events::event;
use crate::authentication::samlp::response;
use crate::authentication::visitor::Visitor;
use crate::authentication::wsfed;
use crate::domain::id::ClientId;
use crate::domain::log::LogEvent;
use crate::http::failure::Failure;
use crate::keys::error::KeyError;
use crate::store::tenant::Tenant;

/// A login that ends without an answer.
#[derive(Debug)]
pub(crate) enum AuthorizeError {
    Page {
        refusal: Refusal,
        /// Where a person can start again: the app's or the tenant's address.
        back: Option<String>,
    },
    Redirect {
        to: Box<TrustedRedirect>,
        refusal: Refusal,
    },
}

impl AuthorizeError {
    /// On a page without a way back.
    pub(crate) fn page(refusal: Refusal) -> Self {
        Self::Page { refusal, back: None }
    }

    fn refusal(&self) -> &Refusal {
        match self {
            Self::Page { refusal, .. } | Self::Redirect { refusal, .. } => refusal,
        }
    }

    fn client_id(&self) -> Option<ClientId> {
        match self {
            Self::Page { .. } => None,
            Self::Redirect { to, .. } => Some(to.client_id().clone()),
        }
    }
}

/// The answer of a step of a login. A refusal is put into the tenant log on its way out: as `f`, or as `fsa` when no
/// page was to be shown (spec/management-api.md §13).
pub(crate) async fn settle(result: Result<Response, AuthorizeError>, tenant: &Tenant, visitor: &Visitor) -> Response {
    settle_of(result, tenant, visitor, None).await
}

/// The same, where the path names a client.
pub(crate) async fn settle_of(
    result: Result<Response, AuthorizeError>,
    tenant: &Tenant,
    visitor: &Visitor,
    client: Option<&str>,
) -> Response {
    let error = match result {
        Ok(response) => return response,
        Err(error) => error,
    };
    let kind = if error.refusal().is_silent() { "fsa" } else { "f" };
    let named = || client.and_then(|id| tenant.read().client(id).map(|client| client.client_id.clone()));
    let (description, client_id) = (error.refusal().to_string(), error.client_id().or_else(named));
    let details = error.refusal().details();
    let logged: Result<(), Failure> = tenant
        .write(|tx| {
            tx.log(LogEvent { description, client_id, details, ..event(kind, tx.now, &visitor.ip) });
            Ok(())
        })
        .await;
    if let Err(failure) = logged {
        return failure.into_response();
    }
    if let AuthorizeError::Redirect { to, refusal } = &error
        && let Some(reply) = to.saml()
    {
        let answer = response::fail(tenant, visitor, (to, reply), refusal).await;
        return answer.unwrap_or_else(IntoResponse::into_response);
    }
    error.into_response()
}

impl IntoResponse for AuthorizeError {
    fn into_response(self) -> Response {
        match self {
            Self::Page { refusal, back } => ErrorPage::of(&refusal, back).into_response(),
            Self::Redirect { to, refusal } if to.is_wsfed() => {
                wsfed::response::fail(&to, &refusal).unwrap_or_else(IntoResponse::into_response)
            }
            Self::Redirect { to, refusal } => {
                let fields = vec![("error", refusal.code().to_owned()), ("error_description", refusal.to_string())];
                to.answer(fields).unwrap_or_else(IntoResponse::into_response)
            }
        }
    }
}

impl From<Refusal> for AuthorizeError {
    fn from(refusal: Refusal) -> Self {
        Self::page(refusal)
    }
}

impl From<Failure> for AuthorizeError {
    fn from(failure: Failure) -> Self {
        Self::page(Refusal::Internal(failure))
    }
}

impl From<KeyError> for AuthorizeError {
    fn from(error: KeyError) -> Self {
        Failure::new(error).into()
    }
}
