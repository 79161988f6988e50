//! The client credentials grant: a token for a client in its own name. Source: RFC 6749 §4.4, spec/tokens.md §3.

use crate::authentication::error::OAuthError;
use crate::authentication::mint;
use crate::authentication::own;
use crate::authentication::token::Exchange;
use crate::authentication::token::answer::TokenAnswer;
use crate::authentication::token::answer::told_scope;
use crate::domain::tokens::access_token::AccessToken;
use crate::domain::tokens::access_token::Gty;
use crate::domain::tokens::scope;

/// Signs a token for the API that is asked for. Nothing is written but the log: the token is its own record.
pub(super) async fn exchange(exchange: &Exchange<'_>) -> Result<TokenAnswer, OAuthError> {
    let Exchange { tenant, state, visitor, parameters, .. } = exchange;
    let client = exchange.client();
    if !exchange.caller.authenticated {
        return Err(OAuthError::Unauthorized { by_header: false });
    }
    if parameters.get("organization").is_some() {
        return Err(OAuthError::NotBuilt("organization login"));
    }
    let audience = parameters.get("audience").or(state.settings.default_audience.as_deref());
    let audience = audience.ok_or(OAuthError::NoAudience)?;
    let api = own::api(tenant, state, &visitor.address, audience);
    let api = api.ok_or_else(|| OAuthError::UnknownAudience(audience.to_owned()))?;
    let grant = state.client_grant(&client.client_id, &api.identifier).filter(|_| !api.denies_clients());
    let grant = grant.ok_or_else(|| OAuthError::NoClientGrant {
        client: client.client_id.to_string(),
        audience: audience.to_owned(),
    })?;
    let asked = parameters.get("scope").map(scope::parse);
    let granted = scope::granted_to_client(asked.as_deref(), grant, api);
    let id = tenant.draw(|rng| rng.alphanumeric(22));
    let token = AccessToken {
        issuer: &visitor.address.issuer(),
        subject: &format!("{}@clients", client.client_id),
        audience,
        client_id: client.client_id.as_str(),
        scope: &granted,
        now: tenant.now(),
        lifetime_seconds: api.token_lifetime,
        gty: Some(Gty::First("client-credentials")),
        id: &id,
        permissions: &granted,
        organization: None,
    };
    Ok(TokenAnswer {
        access_token: mint::access_token(exchange.keyring, state, (client, api), &token).await?,
        refresh_token: None,
        id_token: None,
        scope: told_scope(&granted, &asked.unwrap_or_default()),
        expires_in: api.token_lifetime,
        token_type: "Bearer",
        user_id: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::authentication::testing::API;
    use crate::authentication::testing::Answer;
    use crate::authentication::testing::Host;
    use crate::authentication::testing::NOW;
    use crate::authentication::testing::claims;

    async fn ask(client: &str, extra: &[(&str, &str)]) -> Answer {
        let secret = format!("{client}-secret");
        let mut fields = vec![("grant_type", "client_credentials"), ("client_id", client), ("client_secret", &secret)];
        fields.extend(extra);
        Host::new().post_form("/oauth/token", &fields).await
    }

    #[tokio::test]
    async fn a_machine_gets_a_token_in_its_own_name() {
        let answer = ask("machine", &[("audience", API), ("scope", "read:orders")]).await;
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
        let names: Vec<_> = body.as_object().unwrap().keys().collect();
        assert_eq!(names, ["access_token", "expires_in", "token_type"]);
        let expected = json!({
            "iss": "http://localhost:4480/", "sub": "machine@clients", "aud": API, "iat": NOW, "exp": NOW + 86_400,
            "scope": "read:orders", "gty": "client-credentials", "azp": "machine"
        });
        assert_eq!(claims(&body["access_token"]), expected);
    }

    #[tokio::test]
    async fn the_scope_is_told_where_it_is_not_what_was_asked_for() {
        assert_eq!(ask("machine", &[("audience", API)]).await.json()["scope"], "read:orders");
        let narrowed = ask("machine", &[("audience", API), ("scope", "write:orders read:orders")]).await;
        assert_eq!(narrowed.json()["scope"], "read:orders");
    }

    #[tokio::test]
    async fn the_management_api_goes_by_every_address_of_the_tenant() {
        let token = ask("machine", &[("audience", "https://127.0.0.1:4480/api/v2/")]).await.json();
        assert_eq!(claims(&token["access_token"])["aud"], "https://127.0.0.1:4480/api/v2/");
        let foreign = ask("machine", &[("audience", "https://evil.example/api/v2/")]).await.refusal();
        let text = "Service not enabled within domain: https://evil.example/api/v2/".to_owned();
        assert_eq!(foreign, (403, "access_denied".to_owned(), text));
    }

    #[tokio::test]
    async fn who_may_not_is_told_why() {
        let refused = |answer: Answer| answer.refusal();
        let (status, error, text) = refused(ask("web", &[("audience", API)]).await);
        assert_eq!((status, error.as_str()), (403, "access_denied"));
        assert!(text.starts_with("Client \"web\" is not authorized to access resource server"), "{text}");
        let (status, error, text) = refused(ask("machine", &[]).await);
        assert_eq!((status, error.as_str()), (403, "access_denied"));
        assert!(text.starts_with("No audience parameter was provided"), "{text}");
        assert_eq!(refused(ask("spa", &[("audience", API)]).await).0, 401);
        assert_eq!(refused(ask("machine", &[("audience", API), ("audience", API)]).await).0, 400);
    }
}
