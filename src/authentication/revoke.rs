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
use crate::authentication::events::event;
use crate::authentication::posted::Posted;
use crate::authentication::visitor::Visitor;
use crate::domain::id::ClientId;
use crate::domain::log::LogEvent;
use crate::domain::session::Grant;
use crate::keys::digest;
use crate::store::tenant::Tenant;
use crate::store::tx::Tx;

/// Ends a refresh token of the calling client with all that came of the same login. 200 with an empty body, also for
/// tokens that are unknown or another client's; access tokens can't be revoked.
pub(super) async fn revoke(tenant: Tenant, visitor: Visitor, posted: Posted) -> Result<Response, OAuthError> {
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
        end_family(tx, &hash, &client_id, &visitor.ip);
        Ok::<_, Infallible>(())
    });
    let Ok(()) = write.await;
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(Answers(client_id));
    Ok(response)
}

fn end_family(tx: &mut Tx<'_>, hash: &[u8; 32], client_id: &ClientId, ip: &str) {
    let token = tx.refresh_tokens.get(hash).filter(|token| token.grant.client_id == *client_id).cloned();
    let Some(token) = token else { return };
    tx.refresh_tokens.remove_family(&token.family);
    let Grant { user_id, audience, .. } = &token.grant;
    // The grant goes too where the tenant says so, and with it every token of the user for the same API.
    if tx.settings.flag("revoke_refresh_token_grant") {
        let same =
            tx.refresh_tokens.of_owner(user_id, client_id).filter(|(_, other)| other.grant.audience == *audience);
        let same: Vec<_> = same.map(|(key, _)| key).collect();
        for key in same {
            tx.refresh_tokens.remove(&key);
        }
        tx.consents.remove(&(user_id.clone(), client_id.clone(), audience.clone()));
    }
    tx.log(LogEvent {
        client_id: Some(client_id.clone()),
        user_id: Some(user_id.clone()),
        ..event("srrt", tx.now, ip)
    });
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
    use crate::domain::session::RefreshToken;

    async fn host() -> Host {
        let host = Host::new();
        let put = host.tenant.write(|tx| {
            for (token, family, audience) in
                [("one", "f", None), ("two", "f", None), ("six", "g", None), ("ten", "h", Some("a"))]
            {
                let grant = Grant {
                    client_id: "web".into(),
                    user_id: "auth0|1".into(),
                    issuer: String::new(),
                    scope: Vec::new(),
                    audience: audience.map(str::to_owned),
                    session_id: None,
                    auth_time: None,
                    organization: None,
                    gty: None,
                };
                let row = RefreshToken::first(grant, family, false, tx.now);
                tx.refresh_tokens.put(digest::sha256(token.as_bytes()), row);
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
        let state = host.tenant.read();
        assert_eq!(state.refresh_tokens.len(), 2);
        assert_eq!(state.logs.back().unwrap().1.kind, "srrt");
    }

    #[tokio::test]
    async fn the_grant_goes_with_it_where_the_tenant_says_so() {
        let host = host().await;
        let changed = host.tenant.write(|tx| {
            let mut settings = (*tx.settings).clone();
            settings.flags.insert("revoke_refresh_token_grant".to_owned(), true.into());
            tx.settings = settings.into();
            Ok::<_, Infallible>(())
        });
        changed.await.unwrap();
        let web = [("client_id", "web"), ("client_secret", "web-secret"), ("token", "one")];
        assert_eq!(host.post_form("/oauth/revoke", &web).await.status, 200);
        let state = host.tenant.read();
        let left: Vec<_> = state.refresh_tokens.rows().map(|token| token.grant.audience.clone()).collect();
        assert_eq!(left, [Some("a".to_owned())]);
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
        assert_eq!(host.tenant.read().refresh_tokens.len(), 4);
    }
}
