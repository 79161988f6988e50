//! The password grants: the person told the app their password. Source: RFC 6749 §4.3, spec/authentication-api.md §3,
//! spec/tokens.md §4.

use std::sync::Arc;

use crate::authentication::arrival;
use crate::authentication::arrival::Arrived;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::directory;
use crate::authentication::directory::DirectoryError;
use crate::authentication::error::OAuthError;
use crate::authentication::grants;
use crate::authentication::grants::Channel;
use crate::authentication::grants::Drawn;
use crate::authentication::grants::Extras;
use crate::authentication::own;
use crate::authentication::password;
use crate::authentication::password::Attempt;
use crate::authentication::password::PasswordError;
use crate::authentication::sweep::sweep;
use crate::authentication::token::Exchange;
use crate::authentication::token::answer::TokenAnswer;
use crate::authentication::token::answer::told_scope;
use crate::authentication::token::refresh;
use crate::connections::ad::refusal::AdRefusal;
use crate::domain::connection::Connection;
use crate::domain::session::Grant;
use crate::domain::tokens::scope;
use crate::http::failure::Failure;

/// `password`: at the tenant's default directory.
pub(super) async fn exchange(exchange: &Exchange<'_>) -> Result<TokenAnswer, OAuthError> {
    let name = exchange.state.settings.default_directory.as_deref().ok_or(OAuthError::NoDefaultConnection)?;
    let connection = exchange.state.connection_named(name).ok_or(OAuthError::NoDefaultConnection)?;
    at(exchange, connection).await
}

/// `http://auth0.com/oauth/grant-type/password-realm`: at the connection that `realm` names.
pub(super) async fn exchange_at_realm(exchange: &Exchange<'_>) -> Result<TokenAnswer, OAuthError> {
    let realm = exchange.required("realm")?;
    let fits =
        |connection: &Arc<Connection>| connection.name == realm || connection.realms.iter().any(|own| own == realm);
    let connections = exchange.state.connections_of(&exchange.client().client_id);
    let connection = connections.iter().find(|connection| fits(connection)).ok_or(OAuthError::UnknownRealm)?;
    at(exchange, connection).await
}

async fn at(exchange: &Exchange<'_>, connection: &Connection) -> Result<TokenAnswer, OAuthError> {
    exchange.caller.check_authenticated()?;
    let client = exchange.client();
    let (identifier, password) = (exchange.required("username")?, exchange.required("password")?);
    let has_passwords = connection.strategy.is_database() || connection.strategy.has_own_form();
    if !connection.is_enabled_for(&client.client_id) || !has_passwords {
        return Err(OAuthError::UnknownRealm);
    }
    let asked = asked(exchange)?;
    let attempt = Attempt { client_id: &client.client_id, connection, identifier, password };
    if connection.strategy.has_own_form() {
        let proved = directory::prove(exchange.tenant, exchange.visitor, exchange.outgoing, attempt).await;
        let proof = proved.map_err(|error| match error {
            DirectoryError::Refused(AdRefusal::WrongUsername | AdRefusal::WrongPassword) => OAuthError::WrongPassword,
            DirectoryError::Refused(refusal) => OAuthError::RefusedByDirectory(refusal.to_string()),
            DirectoryError::Protected(PasswordError::Leaked) => OAuthError::PasswordLeaked,
            DirectoryError::Protected(_) => OAuthError::TooManyAttempts,
            DirectoryError::Down => OAuthError::DirectoryDown,
            DirectoryError::Internal(failure) => OAuthError::Internal(failure),
        })?;
        return answer(exchange, connection, proof, asked).await;
    }
    let proved = password::prove(exchange.tenant, exchange.visitor, attempt).await;
    let identity = proved.map_err(|error| match error {
        PasswordError::Wrong => OAuthError::WrongPassword,
        PasswordError::TooManyAttempts => OAuthError::TooManyAttempts,
        PasswordError::Leaked => OAuthError::PasswordLeaked,
        PasswordError::Internal(failure) => OAuthError::Internal(failure),
    })?;
    answer(exchange, connection, Proof::Password(identity), asked).await
}

/// What an app wants tokens for, with the API that it names.
pub(super) struct Asked<'a> {
    audience: Option<&'a str>,
    /// As sent.
    sent: Option<Vec<String>>,
    /// As sent, or what is usual.
    scope: Vec<String>,
}

/// # Errors
/// When there is no such API, or the scopes exclude each other.
pub(super) fn asked<'a>(exchange: &'a Exchange<'_>) -> Result<Asked<'a>, OAuthError> {
    let audience = exchange.parameters.get("audience").or(exchange.state.settings.default_audience.as_deref());
    let api = audience.map(|audience| {
        let api = own::api(exchange.tenant, exchange.state, &exchange.visitor.address, audience);
        api.ok_or_else(|| OAuthError::UnknownAudience(audience.to_owned()))
    });
    let api = api.transpose()?.map(|api| &**api);
    let sent = exchange.parameters.get("scope").map(scope::parse);
    let scope = sent.clone().unwrap_or_else(|| scope::password_default(api));
    if scope::asks_both_refresh_scopes(&scope) {
        return Err(OAuthError::BothRefreshScopes);
    }
    Ok(Asked { audience, sent, scope })
}

/// The tokens of somebody who proved who they are.
///
/// # Errors
/// When they are blocked, or are nobody any more.
pub(super) async fn answer(
    exchange: &Exchange<'_>,
    connection: &Connection,
    proof: Proof,
    asked: Asked<'_>,
) -> Result<TokenAnswer, OAuthError> {
    let client = exchange.client();
    let grant = Grant {
        client_id: client.client_id.clone(),
        user_id: "".into(), // Until the write finds whose it is.
        issuer: exchange.visitor.address.issuer(),
        scope: asked.scope, // As far as the write finds it permitted.
        audience: asked.audience.map(str::to_owned),
        session_id: None,
        auth_time: None,
        organization: None,
        gty: (!matches!(proof, Proof::Passcode(_))).then(|| "password".to_owned()),
    };
    let (grant, drawn, refresh_token) = keep(exchange, connection, proof, grant).await?;
    let api = exchange.api_of(&grant)?;
    let state = exchange.tenant.read();
    let user = state.users.get(grant.user_id.as_str()).ok_or(OAuthError::WrongPassword)?;
    let about = (client, &**user);
    let now = (drawn.now, Extras::default());
    Ok(TokenAnswer {
        access_token: grants::access_token(exchange.keyring, &state, (client, api), &grant, &drawn).await?,
        refresh_token,
        id_token: grants::id_token(exchange.keyring, &state, about, &grant, now).await?,
        scope: told_scope(&grant.scope, &asked.sent.unwrap_or_default()),
        expires_in: drawn.lifetime_seconds,
        token_type: "Bearer",
        user_id: Some(grant.user_id.clone()),
    })
}

/// Brings the user up to date, and draws what the grant is worth unless they are blocked: a blocked user's attempt counts
/// as a login all the same. The grant becomes that of the user.
async fn keep(
    exchange: &Exchange<'_>,
    connection: &Connection,
    proof: Proof,
    grant: Grant,
) -> Result<(Grant, Drawn, Option<String>), OAuthError> {
    let api = exchange.api_of(&grant)?;
    let kept = exchange.tenant.write(|tx| {
        let Arrived { user_id, is_blocked, .. } = match arrival::take_in(tx, exchange.visitor, connection, proof) {
            Ok(arrived) => arrived,
            Err(Refusal::Internal(failure)) => return Err(failure),
            Err(_) => return Ok(Err(OAuthError::WrongPassword)),
        };
        if is_blocked {
            return Ok(Err(OAuthError::UserBlocked));
        }
        let scope = grants::granted(tx, (exchange.client(), api), (&user_id, None), &grant.scope);
        let grant = Grant { user_id, scope, ..grant };
        let family = tx.rng().url_safe(43);
        let drawn = grants::draw(tx, &grant, &family, api, Channel::Back);
        let refresh_token = refresh::keep_if_offline(tx, exchange.client(), &grant, &family);
        sweep(tx);
        Ok::<_, Failure>(Ok((grant, drawn, refresh_token)))
    });
    kept.await?
}
