//! The passwordless grant: the person told the app the code that they got. Source: spec/authentication-api.md §3.

use crate::authentication::arrival::Proof;
use crate::authentication::error::OAuthError;
use crate::authentication::passwordless::passcodes;
use crate::authentication::token::Exchange;
use crate::authentication::token::answer::TokenAnswer;
use crate::authentication::token::password;
use crate::domain::passcode::PasscodeError;
use crate::domain::strategy::Kind;

/// `http://auth0.com/oauth/grant-type/passwordless/otp`: `realm` names the connection.
pub(super) async fn exchange(exchange: &Exchange<'_>) -> Result<TokenAnswer, OAuthError> {
    exchange.caller.check_authenticated()?;
    let (username, otp) = (exchange.required("username")?, exchange.required("otp")?);
    let realm = exchange.required("realm")?;
    let connections = exchange.state.connections_of(&exchange.client().client_id);
    let mut connections = connections.iter().filter(|connection| connection.strategy.kind() == Kind::Passwordless);
    let fits = |name: &str| name == realm;
    let connection =
        connections.find(|connection| fits(&connection.name) || connection.realms.iter().any(|own| fits(own)));
    let connection = connection.ok_or(OAuthError::UnknownRealm)?;
    // What can be wrong with the rest of the request is told before the code is spent.
    let asked = password::asked(exchange)?;
    let tried = passcodes::prove(exchange.tenant, (&exchange.client().client_id, connection), username, otp).await?;
    let proven = tried.map_err(|error| match error {
        PasscodeError::Wrong => OAuthError::WrongPasscode(passcodes::attribute(connection)),
        PasscodeError::TooManyTries => OAuthError::TooManyTries,
    })?;
    password::answer(exchange, connection, Proof::Passcode(proven), asked).await
}
