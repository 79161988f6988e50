//! The authorization code grant. Source: RFC 6749 §4.1.3, RFC 7636 §4.5, spec/authentication-api.md §3.

use crate::authentication::code;
use crate::authentication::error::OAuthError;
use crate::authentication::grants;
use crate::authentication::grants::Channel;
use crate::authentication::grants::Drawn;
use crate::authentication::grants::Extras;
use crate::authentication::sweep::sweep;
use crate::authentication::token::Exchange;
use crate::authentication::token::answer::TokenAnswer;
use crate::authentication::token::answer::told_scope;
use crate::authentication::token::refresh;
use crate::domain::resource_server::ResourceServer;
use crate::domain::session::AuthorizationCode;
use crate::http::failure::Failure;
use crate::keys::digest;
use crate::store::tx::Tx;

/// What the write left.
struct Taken {
    code: AuthorizationCode,
    drawn: Drawn,
    refresh_token: Option<String>,
}

/// Takes the code, checks who brings it, draws what it is worth; all in one write, so that a code is worth one exchange
/// however many come at a time. A code whose exchange fails is used up too, unless it is another client's.
pub(super) async fn exchange(exchange: &Exchange<'_>) -> Result<TokenAnswer, OAuthError> {
    let secret = exchange.required("code")?;
    let taken = exchange.tenant.write(|tx| Ok::<_, Failure>(take(tx, exchange, secret))).await?;
    if matches!(taken, Err(OAuthError::InvalidCode)) {
        end_what_came_of(exchange, secret).await?;
    }
    let Taken { code, drawn, refresh_token } = taken?;
    let grant = &code.grant;
    let state = exchange.tenant.read();
    let user = state.users.get(grant.user_id.as_str()).ok_or(OAuthError::InvalidCode)?;
    let api = exchange.api_of(grant)?;
    let extras = Extras {
        nonce: code.nonce.as_deref(),
        auth_time: grant.auth_time.filter(|_| code.wants_auth_time),
        transient: code.transient.clone(),
        ..Extras::default()
    };
    let about = (exchange.client(), &**user);
    Ok(TokenAnswer {
        access_token: grants::access_token(exchange.keyring, &state, (about.0, api), grant, &drawn).await?,
        refresh_token,
        id_token: grants::id_token(exchange.keyring, &state, about, grant, (drawn.now, extras)).await?,
        scope: told_scope(&grant.scope, &code.requested_scope),
        expires_in: drawn.lifetime_seconds,
        token_type: "Bearer",
        user_id: Some(grant.user_id.clone()),
    })
}

fn take(tx: &mut Tx<'_>, exchange: &Exchange<'_>, secret: &str) -> Result<Taken, OAuthError> {
    let key = digest::sha256(secret.as_bytes());
    let client = exchange.client();
    let found = tx.codes.get(&key).filter(|code| code.grant.client_id == client.client_id);
    let found = found.filter(|code| code::is_alive(code, tx.now)).cloned();
    let code = AuthorizationCode::clone(&*found.ok_or(OAuthError::InvalidCode)?);
    tx.codes.remove(&key);
    check_bringer(exchange, &code)?;
    let api: Option<&ResourceServer> = exchange.api_of(&code.grant)?;
    let user = tx.users.get(code.grant.user_id.as_str()).ok_or(OAuthError::InvalidCode)?;
    if user.is_blocked() {
        return Err(OAuthError::UserBlocked);
    }
    let family = code::family(secret);
    let drawn = grants::draw(tx, &code.grant, &family, api, Channel::Back);
    let refresh_token = refresh::keep_if_offline(tx, client, &code.grant, &family);
    sweep(tx);
    Ok(Taken { code, drawn, refresh_token })
}

/// The redirect must be repeated as it was sent, and who can't show a secret must hold the code's verifier.
fn check_bringer(exchange: &Exchange<'_>, code: &AuthorizationCode) -> Result<(), OAuthError> {
    if let Some(expected) = &code.redirect_uri {
        let sent = exchange.required("redirect_uri")?;
        if sent != expected {
            return Err(OAuthError::WrongRedirectUri { sent: sent.to_owned(), expected: expected.clone() });
        }
    }
    if !code::fits(code.code_challenge.as_ref(), exchange.parameters.get("code_verifier")) {
        return Err(OAuthError::WrongVerifier);
    }
    if !exchange.caller.authenticated && code.code_challenge.is_none() {
        return Err(OAuthError::Unauthorized { by_header: false });
    }
    Ok(())
}

/// A code that comes twice has been stolen: what came of it ends (RFC 6749 §4.1.2).
async fn end_what_came_of(exchange: &Exchange<'_>, secret: &str) -> Result<(), OAuthError> {
    let family = code::family(secret);
    let state = exchange.tenant.read();
    let of_it = state.refresh_tokens.of_family(&family).next().is_some()
        || state.opaque_tokens.rows().any(|token| token.family == family);
    if of_it {
        let write = exchange.tenant.write(|tx| {
            refresh::end_family(tx, &family);
            Ok::<_, Failure>(())
        });
        write.await?;
    }
    Ok(())
}
