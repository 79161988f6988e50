//! Refresh tokens drawn, rotated and ended. Source: spec/tokens.md §1 and §6.

use crate::domain::client::Client;
use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::domain::session::Grant;
use crate::domain::session::RefreshToken;
use crate::domain::tokens::refresh::MOST_OF_OWNER;
use crate::keys::digest;
use crate::store::state::SecretHash;
use crate::store::tx::Tx;

/// Draws the secret of a refresh token and keeps what it stands for. One that rotates begins with `v1.M`.
fn keep(tx: &mut Tx<'_>, token: RefreshToken) -> String {
    let secret = if token.rotating { format!("v1.M{}", tx.rng().url_safe(60)) } else { tx.rng().url_safe(45) };
    let (user_id, client_id) = (token.grant.user_id.clone(), token.grant.client_id.clone());
    let key = digest::sha256(secret.as_bytes());
    tx.refresh_tokens.put(key, token);
    make_room(tx, &user_id, &client_id, key);
    secret
}

/// Takes out the oldest token of a user at a client, if there are too many; not the one that was just made.
fn make_room(tx: &mut Tx<'_>, user_id: &UserId, client_id: &ClientId, newest: SecretHash) {
    let active = tx.refresh_tokens.of_owner(user_id, client_id).filter(|(_, token)| token.rotated_at.is_none());
    let active: Vec<_> = active.map(|(key, token)| (token.family_created_at, token.last_used_at, key)).collect();
    if active.len() > MOST_OF_OWNER
        && let Some((.., oldest)) = active.into_iter().filter(|(.., key)| *key != newest).min()
    {
        tx.refresh_tokens.remove(&oldest);
    }
}

/// Draws one where `offline_access` was granted.
pub(super) fn keep_if_offline(tx: &mut Tx<'_>, client: &Client, grant: &Grant, family: &str) -> Option<String> {
    let offline = grant.scope.iter().any(|scope| scope == "offline_access");
    let first = || RefreshToken::first(grant.clone(), family, client.refresh_token.rotates(), tx.now);
    let first = offline.then(first)?;
    Some(keep(tx, first))
}

/// Rotates a token: it is used up, the one before it finds no leeway any more, and the next one is drawn.
pub(super) fn rotate(tx: &mut Tx<'_>, key: SecretHash, token: &mut RefreshToken) -> String {
    if token.rotated_at.is_none()
        && let Some(previous) = token.previous
        && let Some(before) = tx.refresh_tokens.get(&previous)
    {
        let before = RefreshToken { superseded: true, ..RefreshToken::clone(before) };
        tx.refresh_tokens.put(previous, before);
    }
    token.rotated_at = token.rotated_at.or(Some(tx.now));
    let next = token.next(key, tx.now);
    keep(tx, next)
}

/// Gives a token of the kind that the client wants by now, in the place of this one and of all others of the wrong kind
/// that the user has for the same API. Its lifetime begins anew: the old kind's did not count.
pub(super) fn convert(tx: &mut Tx<'_>, client: &Client, token: &RefreshToken) -> String {
    let Grant { user_id, client_id, audience, .. } = &token.grant;
    let all = tx.refresh_tokens.of_owner(user_id, client_id);
    let wrong = all.filter(|(_, other)| other.rotating == token.rotating && other.grant.audience == *audience);
    let wrong: Vec<_> = wrong.map(|(key, _)| key).collect();
    for key in wrong {
        tx.refresh_tokens.remove(&key);
    }
    let first = RefreshToken::first(token.grant.clone(), &token.family, client.refresh_token.rotates(), tx.now);
    keep(tx, first)
}

/// Ends all tokens of a family that are kept: refresh tokens and opaque access tokens.
pub(super) fn end_family(tx: &mut Tx<'_>, family: &str) {
    tx.refresh_tokens.remove_family(family);
    tx.opaque_tokens.retain(|_, token| token.family != family);
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::time::Duration;

    use super::*;
    use crate::authentication::testing::Host;

    fn grant(client: &str) -> Grant {
        Grant {
            client_id: client.into(),
            user_id: "auth0|ana".into(),
            issuer: String::new(),
            scope: vec!["offline_access".to_owned()],
            audience: None,
            session_id: None,
            auth_time: None,
            organization: None,
            gty: None,
        }
    }

    async fn draw(host: &Host, client: &str, number: usize) {
        host.tenant.clock().advance(Duration::from_secs(1));
        let drawn = host.tenant.write(|tx| {
            let found = Client::clone(tx.client(client).unwrap());
            Ok::<_, Infallible>(keep_if_offline(tx, &found, &grant(client), &number.to_string()))
        });
        assert!(drawn.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn the_oldest_token_makes_room_for_the_two_hundred_and_first() {
        let host = Host::new();
        draw(&host, "spa", 0).await;
        for number in 1..=MOST_OF_OWNER + 1 {
            draw(&host, "web", number).await;
        }
        let state = host.tenant.read();
        assert_eq!(state.refresh_tokens.of_owner(&"auth0|ana".into(), &"web".into()).count(), MOST_OF_OWNER);
        for (family, left) in [("0", 1), ("1", 0), ("2", 1), ("201", 1)] {
            assert_eq!(state.refresh_tokens.of_family(family).count(), left, "{family}");
        }
    }
}
