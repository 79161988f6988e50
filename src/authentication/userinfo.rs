//! `GET|POST /userinfo`. Source: spec/tokens.md §10, RFC 6750, OpenID Connect Core §5.3.

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;

use crate::authentication::cors::Answers;
use crate::authentication::posted::Posted;
use crate::domain::claims::scopes;
use crate::domain::claims::scopes::Granted;
use crate::domain::id::ClientId;
use crate::domain::id::UserId;
use crate::domain::tokens::scope;
use crate::http::address::Address;
use crate::http::parameters::Parameters;
use crate::keys::Keyring;
use crate::keys::digest;
use crate::keys::signing_key::Algorithm;
use crate::keys::verify::check_audience;
use crate::keys::verify::check_times;
use crate::store::state::TenantState;
use crate::store::tenant::Tenant;

/// An access token as RFC 6750 §2 lets it come: in the header, a form or the query; in one of them alone.
pub(super) struct Bearer(String);

/// Why a request for `/userinfo` is refused. The header's exact text is unverified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NoToken,
    SeveralTokens,
    InvalidToken,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let challenge = match self {
            Self::NoToken => r#"Bearer realm="Users""#,
            Self::SeveralTokens => r#"Bearer realm="Users", error="invalid_request""#,
            Self::InvalidToken => r#"Bearer realm="Users", error="invalid_token""#,
        };
        let (status, text) = match self {
            Self::SeveralTokens => (StatusCode::BAD_REQUEST, "Bad Request"),
            Self::NoToken | Self::InvalidToken => (StatusCode::UNAUTHORIZED, "Unauthorized"),
        };
        (status, [(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))], text).into_response()
    }
}

impl<S: Sync> FromRequest<S> for Bearer {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let query = Parameters::of_form(request.uri().query().unwrap_or_default().as_bytes());
        let query = query.map_err(|_| Refusal::SeveralTokens)?;
        let posted = Posted::from_request(request, state).await.map_err(|_| Refusal::SeveralTokens)?;
        let header = posted.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let header = header.and_then(|value| value.split_once(' '));
        let header = header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let mut tokens =
            [header, posted.parameters.get("access_token"), query.get("access_token")].into_iter().flatten();
        match (tokens.next(), tokens.next()) {
            (Some(token), None) => Ok(Self(token.to_owned())),
            (None, _) => Err(Refusal::NoToken),
            (Some(_), Some(_)) => Err(Refusal::SeveralTokens),
        }
    }
}

/// Whom a token is about, and what it lets know.
struct Subject {
    user_id: UserId,
    client_id: ClientId,
    scope: Vec<String>,
}

/// `GET|POST /userinfo`: the stored profile, by the token's scopes.
pub(super) async fn read(
    tenant: Tenant,
    keyring: Keyring,
    address: Address,
    bearer: Bearer,
) -> Result<Response, Refusal> {
    let state = tenant.read();
    let subject = match opaque(&tenant, &state, &bearer.0) {
        Some(subject) => subject,
        None => of_jwt(&tenant, &state, (&keyring, &address), &bearer.0).await.ok_or(Refusal::InvalidToken)?,
    };
    let user = state.users.get(subject.user_id.as_str()).ok_or(Refusal::InvalidToken)?;
    let client = state.client(subject.client_id.as_str()).ok_or(Refusal::InvalidToken)?;
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), user.user_id.as_str().into());
    claims.extend(scopes::claims(&user.profile(), Granted::to(client, &subject.scope)));
    let mut response = Json(claims).into_response();
    response.extensions_mut().insert(Answers(subject.client_id));
    Ok(response)
}

fn opaque(tenant: &Tenant, state: &TenantState, token: &str) -> Option<Subject> {
    let found = state.opaque_tokens.get(&digest::sha256(token.as_bytes()))?;
    let grant = &found.grant;
    (tenant.now() < found.expires_at).then(|| Subject {
        user_id: grant.user_id.clone(),
        client_id: grant.client_id.clone(),
        scope: grant.scope.clone(),
    })
}

/// A token that the tenant signed itself, for `/userinfo` among others.
async fn of_jwt(
    tenant: &Tenant,
    state: &TenantState,
    (keyring, address): (&Keyring, &Address),
    token: &str,
) -> Option<Subject> {
    let claims = keyring.verify_own(token, state.signing.published(), Algorithm::Rs256).await.ok()?;
    let issuer = claims.get("iss").and_then(Value::as_str)?;
    if !address.is_also(issuer, |host| tenant.owns_host(host)) {
        return None;
    }
    check_audience(&claims, &format!("{issuer}userinfo")).ok()?;
    check_times(&claims, tenant.now().seconds(), 0).ok()?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let scope = scope::parse(text("scope").unwrap_or_default());
    let client_id = text("azp").or(text("client_id"))?.into();
    Some(Subject { user_id: text("sub")?.into(), client_id, scope })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use serde_json::json;

    use super::*;
    use crate::authentication::testing::Answer;
    use crate::authentication::testing::Host;
    use crate::authentication::testing::NOW;
    use crate::domain::session::Grant;
    use crate::domain::session::OpaqueToken;
    use crate::domain::strategy::Strategy;
    use crate::domain::user::Identity;
    use crate::domain::user::IdentityId;
    use crate::domain::user::User;
    use crate::time::Timestamp;

    /// A host with the user `auth0|zoe` and the opaque token `token` about her.
    async fn host() -> Host {
        let host = Host::new();
        let written = host.tenant.write(|tx| {
            let identity = Identity::new(Strategy::AUTH0, "db", IdentityId::Text("zoe".into()));
            let user = User { email: Some("zoe@people.example".into()), ..User::new(identity, tx.now) };
            let grant = Grant {
                client_id: "web".into(),
                user_id: user.user_id.clone(),
                issuer: "http://localhost:4480/".into(),
                scope: vec!["openid".into(), "email".into()],
                audience: None,
                session_id: None,
                auth_time: None,
                organization: None,
                gty: None,
            };
            tx.users.put(user).unwrap();
            let expires_at = Timestamp::from_seconds(NOW + 10);
            tx.opaque_tokens.put(digest::sha256(b"token"), OpaqueToken { grant, family: String::new(), expires_at });
            Ok::<_, Infallible>(())
        });
        assert_eq!(written.await, Ok(()));
        host
    }

    async fn with_header(host: &Host, token: &str) -> Answer {
        let request = Request::get("/userinfo").header(AUTHORIZATION, format!("Bearer {token}"));
        host.send(request.body(axum::body::Body::empty()).unwrap()).await
    }

    #[tokio::test]
    async fn a_token_is_taken_from_header_form_or_query() {
        let host = host().await;
        let expected = json!({ "sub": "auth0|zoe", "email": "zoe@people.example" });
        assert_eq!(with_header(&host, "token").await.json(), expected);
        assert_eq!(host.get("/userinfo?access_token=token").await.json(), expected);
        assert_eq!(host.post_form("/userinfo", &[("access_token", "token")]).await.json(), expected);
        assert_eq!(host.post_form("/userinfo?access_token=token", &[("access_token", "token")]).await.status, 400);
    }

    #[tokio::test]
    async fn a_missing_unknown_or_expired_token_is_unauthorized() {
        let host = host().await;
        for answer in [host.get("/userinfo").await, with_header(&host, "other").await] {
            assert_eq!((answer.status.as_u16(), answer.text()), (401, "Unauthorized".to_owned()));
            assert!(answer.header("www-authenticate").starts_with("Bearer realm=\"Users\""));
        }
        host.tenant.clock().advance(std::time::Duration::from_secs(10));
        assert_eq!(with_header(&host, "token").await.status, 401);
    }

    #[tokio::test]
    async fn a_jwt_must_be_for_userinfo() {
        let host = host().await;
        let key = host.keyring.signing_key("tenant", 0).await.unwrap();
        for (audience, status) in [("http://localhost:4480/userinfo", 200), ("https://api.acme.example/", 401)] {
            let claims = json!({
                "iss": "http://localhost:4480/", "sub": "auth0|zoe", "aud": [audience], "iat": NOW, "exp": NOW + 5,
                "scope": "openid", "azp": "web",
            });
            let token = key.sign(Algorithm::Rs256, "JWT", &claims).unwrap();
            assert_eq!(with_header(&host, &token).await.status, status, "{audience}");
        }
    }
}
