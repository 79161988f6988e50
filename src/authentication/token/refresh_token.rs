//! The refresh token grant. Source: RFC 6749 §6, spec/tokens.md §6.

use crate::authentication::error::OAuthError;
use crate::authentication::events::event;
use crate::authentication::grants;
use crate::authentication::grants::Channel;
use crate::authentication::grants::Drawn;
use crate::authentication::grants::Extras;
use crate::authentication::sweep::sweep;
use crate::authentication::token::Exchange;
use crate::authentication::token::answer::TokenAnswer;
use crate::authentication::token::refresh;
use crate::domain::log::LogEvent;
use crate::domain::session::Grant;
use crate::domain::session::RefreshToken;
use crate::domain::tokens::refresh::Exchange as Fate;
use crate::domain::tokens::refresh::exchange as fate_of;
use crate::domain::tokens::scope;
use crate::http::failure::Failure;
use crate::keys::digest;
use crate::store::tx::Tx;

/// What the write left.
struct Taken {
    /// As narrowed for this exchange.
    grant: Grant,
    drawn: Drawn,
    refresh_token: Option<String>,
}

/// Exchanges a refresh token, and rotates it where the client's do. The scope is always told.
pub(super) async fn exchange(exchange: &Exchange<'_>) -> Result<TokenAnswer, OAuthError> {
    let secret = exchange.required("refresh_token")?;
    exchange.caller.check_authenticated()?;
    if exchange.parameters.get("audience").is_some() && exchange.client().refresh_token.extra.contains_key("policies") {
        return Err(OAuthError::NotBuilt("the exchange of multi-resource refresh tokens"));
    }
    let taken = exchange.tenant.write(|tx| Ok::<_, Failure>(take(tx, exchange, secret))).await?;
    let Taken { grant, drawn, refresh_token } = taken?;
    let state = exchange.tenant.read();
    let user = state.users.get(grant.user_id.as_str()).ok_or(OAuthError::UserGone)?;
    let api = exchange.api_of(&grant)?;
    let about = (exchange.client(), &**user);
    let now = (drawn.now, Extras::default());
    Ok(TokenAnswer {
        access_token: grants::access_token(exchange.keyring, &state, (about.0, api), &grant, &drawn).await?,
        refresh_token,
        id_token: grants::id_token(exchange.keyring, &state, about, &grant, now).await?,
        scope: Some(grant.scope.join(" ")),
        expires_in: drawn.lifetime_seconds,
        token_type: "Bearer",
        user_id: Some(grant.user_id.clone()),
    })
}

fn take(tx: &mut Tx<'_>, exchange: &Exchange<'_>, secret: &str) -> Result<Taken, OAuthError> {
    let key = digest::sha256(secret.as_bytes());
    let client = exchange.client();
    let found = tx.refresh_tokens.get(&key).filter(|token| token.grant.client_id == client.client_id).cloned();
    let mut token = RefreshToken::clone(&*found.ok_or(OAuthError::InvalidRefreshToken)?);
    let fate = fate_of(&token, &client.refresh_token, tx.now);
    match fate {
        Fate::Reuse | Fate::Rotate | Fate::Convert => {}
        Fate::Expired => {
            tx.refresh_tokens.remove(&key);
            return Err(OAuthError::InvalidRefreshToken);
        }
        Fate::Breach => {
            end_after_breach(tx, exchange, &token);
            return Err(OAuthError::ReusedRefreshToken);
        }
    }
    let user = tx.users.get(token.grant.user_id.as_str()).ok_or(OAuthError::UserGone)?;
    if user.is_blocked() {
        return Err(OAuthError::UserBlocked);
    }
    let mut grant = narrowed(&token.grant, exchange.parameters.get("scope"));
    let api = exchange.api_of(&grant)?;
    grant.scope = scope::still_granted(
        &grant.scope,
        api,
        &grants::permitted(tx, (&grant.user_id, grant.organization.as_ref()), api),
    );
    let drawn = grants::draw(tx, &grant, &token.family, api, Channel::Refresh);
    token.last_used_at = tx.now;
    let next = match fate {
        Fate::Convert => Some(refresh::convert(tx, client, &token)),
        Fate::Rotate => Some(refresh::rotate(tx, key, &mut token)),
        _ => None,
    };
    if fate != Fate::Convert {
        tx.refresh_tokens.put(key, token);
    }
    sweep(tx);
    Ok(Taken { grant, drawn, refresh_token: next })
}

/// Somebody has a copy: nothing of the family is good any more, and the grant goes too.
fn end_after_breach(tx: &mut Tx<'_>, exchange: &Exchange<'_>, token: &RefreshToken) {
    let latest = tx.refresh_tokens.of_family(&token.family).map(|(_, other)| other.counter).max();
    let details = [
        ("familyId".to_owned(), token.family.as_str().into()),
        ("latestCounter".to_owned(), latest.unwrap_or_default().into()),
        ("tokenCounter".to_owned(), token.counter.into()),
    ];
    refresh::end_family(tx, &token.family);
    let key = (token.grant.user_id.clone(), token.grant.client_id.clone(), token.grant.audience.clone());
    tx.consents.remove(&key);
    tx.log(LogEvent {
        description: OAuthError::ReusedRefreshToken.to_string(),
        client_id: Some(token.grant.client_id.clone()),
        user_id: Some(token.grant.user_id.clone()),
        details: details.into_iter().collect(),
        ..event("ferrt", tx.now, &exchange.visitor.ip)
    });
}

/// What of the grant was asked for; more than was granted is passed over.
fn narrowed(grant: &Grant, asked: Option<&str>) -> Grant {
    let mut narrowed = grant.clone();
    if let Some(asked) = asked.map(scope::parse) {
        narrowed.scope.retain(|scope| asked.contains(scope));
    }
    narrowed
}
