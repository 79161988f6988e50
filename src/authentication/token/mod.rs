//! `POST /oauth/token`. What every grant needs stands here, before the arm of the one that is asked for is reached.
//! Source: RFC 6749 §3.2, spec/authentication-api.md §3.

mod answer;
mod authorization_code;
mod client_credentials;
mod grant_type;
mod password;
mod passwordless;
mod refresh;
mod refresh_token;

use axum::response::IntoResponse;
use axum::response::Response;

use crate::authentication::client_auth::Caller;
use crate::authentication::cors::Answers;
use crate::authentication::error::OAuthError;
use crate::authentication::events::event;
use crate::authentication::own;
use crate::authentication::posted::Posted;
use crate::authentication::token::answer::TokenAnswer;
use crate::authentication::token::grant_type::GrantType;
use crate::authentication::visitor::Visitor;
use crate::domain::client::Client;
use crate::domain::log::LogEvent;
use crate::domain::resource_server::ResourceServer;
use crate::domain::session::Grant;
use crate::http::failure::Failure;
use crate::http::outgoing::Outgoing;
use crate::http::parameters::Parameters;
use crate::keys::Keyring;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// An exchange under way: who asks whom for what. The client is known; it showed its secret if it showed any.
pub(super) struct Exchange<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) keyring: &'a Keyring,
    pub(super) visitor: &'a Visitor,
    pub(super) outgoing: &'a Outgoing,
    /// As it was when the request came.
    pub(super) state: &'a TenantState,
    pub(super) caller: &'a Caller,
    pub(super) parameters: &'a Parameters,
}

impl Exchange<'_> {
    pub(super) fn client(&self) -> &Client {
        &self.caller.client
    }

    /// A parameter that the grant can't do without.
    ///
    /// # Errors
    /// [`OAuthError::MissingParameter`].
    pub(super) fn required(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.parameters.get(name).ok_or(OAuthError::MissingParameter(name))
    }

    /// The API of a grant, at the address that its flow began with.
    ///
    /// # Errors
    /// [`OAuthError::UnknownAudience`] when it is gone.
    pub(super) fn api_of(&self, grant: &Grant) -> Result<Option<&ResourceServer>, OAuthError> {
        let Some(audience) = grant.audience.as_deref() else { return Ok(None) };
        let api = own::api(self.tenant, self.state, &self.visitor.address.at(&grant.issuer), audience);
        api.map(|api| Some(&**api)).ok_or_else(|| OAuthError::UnknownAudience(audience.to_owned()))
    }
}

/// `POST /oauth/token`
pub(super) async fn exchange(
    tenant: Tenant,
    keyring: Keyring,
    visitor: Visitor,
    outgoing: Outgoing,
    posted: Posted,
) -> Response {
    let state = tenant.read();
    let grant_type = match GrantType::read(&posted.parameters) {
        Ok(grant_type) => grant_type,
        Err(error) => return error.into_response(),
    };
    let caller = match Caller::identify(&state, &posted.headers, &posted.parameters) {
        Ok(caller) => caller,
        Err(error) => return error.into_response(),
    };
    let parameters = &posted.parameters;
    let exchange = Exchange {
        tenant: &tenant,
        keyring: &keyring,
        visitor: &visitor,
        outgoing: &outgoing,
        state: &state,
        caller: &caller,
        parameters,
    };
    let result = grant(&exchange, grant_type).await;
    let logged = log(&exchange, grant_type, &result).await;
    let mut response = match logged.and(result) {
        Ok(answer) => answer.into_response(),
        Err(error) => error.into_response(),
    };
    response.extensions_mut().insert(Answers(caller.client.client_id.clone()));
    response
}

async fn grant(exchange: &Exchange<'_>, grant_type: GrantType) -> Result<TokenAnswer, OAuthError> {
    if !grant_type.is_enabled_for(exchange.client()) {
        return Err(OAuthError::GrantTypeNotAllowed(grant_type.as_str().to_owned()));
    }
    match grant_type {
        GrantType::ClientCredentials => client_credentials::exchange(exchange).await,
        GrantType::AuthorizationCode => authorization_code::exchange(exchange).await,
        GrantType::RefreshToken => refresh_token::exchange(exchange).await,
        GrantType::Password => password::exchange(exchange).await,
        GrantType::PasswordlessOtp => passwordless::exchange(exchange).await,
        GrantType::PasswordRealm => password::exchange_at_realm(exchange).await,
        GrantType::Other(what) => Err(OAuthError::NotBuilt(what)),
    }
}

/// Every exchange leaves a line in the tenant log, well done or not (spec/management-api.md §13).
async fn log(
    exchange: &Exchange<'_>,
    grant_type: GrantType,
    result: &Result<TokenAnswer, OAuthError>,
) -> Result<(), OAuthError> {
    let (kind, description, user_id) = match result {
        // In the log by its own name, since the write that ended its family.
        Err(OAuthError::ReusedRefreshToken) => return Ok(()),
        Ok(answer) => (grant_type.success_event(), String::new(), answer.user_id.clone()),
        Err(error) => (grant_type.failure_event(), error.to_string(), None),
    };
    let client_id = Some(exchange.client().client_id.clone());
    let write = exchange.tenant.write(|tx| {
        tx.log(LogEvent { description, client_id, user_id, ..event(kind, tx.now, &exchange.visitor.ip) });
        Ok::<_, Failure>(())
    });
    Ok(write.await?)
}

#[cfg(test)]
mod tests;
