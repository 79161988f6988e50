//! `POST /oauth/revoke`. Source: RFC 7009, spec/authentication-api.md §14.

use std::convert::Infallible;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::json;

use crate::authentication::client_auth::Caller;
use crate::authentication::cors::Answers;
use crate::authentication::error::OAuthError;
use crate::authentication::posted::Posted;
use crate::domain::id::ClientId;
use crate::keys::digest;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// Ends a refresh token of the calling client with all that came of the same login. 200 with an empty body, also for
/// tokens that are unknown or another client's; access tokens can't be revoked.
pub(super) async fn revoke(tenant: Tenant, posted: Posted) -> Result<Response, OAuthError> {
    let caller = Caller::identify(&tenant.read(), &posted.headers, &posted.parameters);
    let caller = match caller.and_then(|caller| caller.check_authenticated().map(|()| caller)) {
        Ok(caller) => caller,
        Err(OAuthError::Unauthorized { .. }) => return Ok(invalid_client()),
        Err(error) => return Err(error),
    };
    let token = posted.parameters.get("token").ok_or(OAuthError::MissingParameter("token"))?;
    let hash = digest::sha256(token.as_bytes());
    let client_id = caller.client.client_id.clone();
    let write = tenant.write(|tx| {
        end_family(tx, &hash, &client_id);
        Ok::<_, Infallible>(())
    });
    let Ok(()) = write.await;
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(Answers(client_id));
    Ok(response)
}

fn end_family(tx: &mut Tx<'_>, hash: &[u8; 32], client_id: &ClientId) {
    let token = tx.refresh_tokens.get(hash).filter(|token| token.grant.client_id == *client_id).cloned();
    let Some(token) = token else { return };
    tx.refresh_tokens.retain(|_, other| other.family != token.family);
    // The grant goes too where the tenant says so, and with it every token of the user at this client.
    if tx.settings.flag("revoke_refresh_token_grant") {
        let same = |grant: &crate::domain::session::Grant| {
            grant.client_id == *client_id && grant.user_id == token.grant.user_id
        };
        tx.refresh_tokens.retain(|_, other| !same(&other.grant));
        tx.consents.retain(|_, consent| consent.client_id != *client_id || consent.user_id != token.grant.user_id);
    }
}

/// This endpoint's own word for a client that can't be authenticated.
fn invalid_client() -> Response {
    let body = json!({ "error": "invalid_client", "error_description": "Unauthorized" });
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authentication::testing::Host;
    use crate::domain::session::Grant;
    use crate::domain::session::RefreshToken;

    async fn host() -> Host {
        let host = Host::new();
        let put = host.tenant.write(|tx| {
            for (token, family) in [(b"one", "f"), (b"two", "f"), (b"six", "g")] {
                let grant = Grant {
                    client_id: "web".into(),
                    user_id: "auth0|1".into(),
                    issuer: String::new(),
                    scope: Vec::new(),
                    audience: None,
                    session_id: None,
                    auth_time: None,
                    gty: None,
                };
                let (family, now) = (family.to_owned(), tx.now);
                let row = RefreshToken {
                    grant,
                    family,
                    family_created_at: now,
                    last_used_at: now,
                    rotated_at: None,
                    previous: None,
                    superseded: false,
                };
                tx.refresh_tokens.put(digest::sha256(token), row);
            }
            Ok::<_, Infallible>(())
        });
        assert_eq!(put.await, Ok(()));
        host
    }

    #[tokio::test]
    async fn a_token_takes_its_family_with_it() {
        let host = host().await;
        let web = [("client_id", "web"), ("client_secret", "web-secret"), ("token", "one")];
        let answer = host.post_form("/oauth/revoke", &web).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, String::new()));
        assert_eq!(host.tenant.read().refresh_tokens.len(), 1);
    }

    #[tokio::test]
    async fn another_client_ends_nothing_and_learns_nothing() {
        let host = host().await;
        let spa = [("client_id", "spa"), ("token", "one")];
        assert_eq!(host.post_form("/oauth/revoke", &spa).await.status, 200);
        let unauthenticated = [("client_id", "web"), ("token", "one")];
        let refusal = host.post_form("/oauth/revoke", &unauthenticated).await.refusal();
        assert_eq!((refusal.0, refusal.1.as_str()), (401, "invalid_client"));
        assert_eq!(host.post_form("/oauth/revoke", &[("client_id", "spa")]).await.status, 400);
        assert_eq!(host.tenant.read().refresh_tokens.len(), 3);
    }
}
