//! Tokens that are not what they say: nobody takes them.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::tenant::{Reply, Tenant, owned, start};

const API: &str = "https://api.acme.example/";

/// An access token for the API and for userinfo.
async fn access_token(tenant: &Tenant) -> String {
    let mut app = tenant.app("acme-web");
    let (login, callback) = tenant.sign_in(&mut app, &[("audience", API)]).await;
    app.redeem(&login, &callback).await.unwrap().access_token
}

fn part(token: &str, at: usize) -> Value {
    let part = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap();
    serde_json::from_slice(&part).unwrap()
}

fn encoded(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

#[track_caller]
fn refused(reply: &Reply, what: &str) {
    assert_eq!((reply.status, reply.body.as_str()), (401, "Unauthorized"), "{what}");
    assert!(reply.header("www-authenticate").contains("invalid_token"), "{what}");
}

#[tokio::test]
async fn userinfo_takes_a_token_as_it_was_signed_and_in_no_other_form() {
    let (_impostor, tenant) = start().await;
    let token = access_token(&tenant).await;
    assert_eq!(tenant.get_as(&token, "/userinfo").await.status, 200);
    let (header, claims) = (part(&token, 0), part(&token, 1));
    let signature = token.rsplit('.').next().unwrap();

    let mut other = claims.clone();
    other["sub"] = json!("auth0|somebody-else");
    refused(
        &tenant.get_as(&format!("{}.{}.{signature}", encoded(&header), encoded(&other)), "/userinfo").await,
        "changed",
    );
    for alg in ["none", "None", "PS256", "HS256", "RS512"] {
        let mut header = header.clone();
        header["alg"] = json!(alg);
        for signature in ["", signature] {
            let forged = format!("{}.{}.{signature}", encoded(&header), encoded(&claims));
            refused(&tenant.get_as(&forged, "/userinfo").await, alg);
        }
    }
    for broken in ["a.b.c", "..", &format!("{token}x"), token.rsplit_once('.').unwrap().0] {
        refused(&tenant.get_as(broken, "/userinfo").await, broken);
    }
}

#[tokio::test]
async fn the_published_key_is_no_secret_to_sign_with() {
    let (_impostor, tenant) = start().await;
    let token = access_token(&tenant).await;
    let keys: JwkSet = serde_json::from_str(&tenant.get("/.well-known/jwks.json").await.body).unwrap();
    let published = tenant.get("/pem").await.body;
    let mut header = Header::new(Algorithm::HS256);
    header.kid = keys.keys[0].common.key_id.clone();
    for secret in [published.as_bytes(), serde_json::to_string(&keys.keys[0]).unwrap().as_bytes(), b""] {
        let forged = encode(&header, &part(&token, 1), &EncodingKey::from_secret(secret)).unwrap();
        refused(&tenant.get_as(&forged, "/userinfo").await, "signed with what everybody knows");
        assert_eq!(tenant.get_as(&forged, "/api/v2/users").await.status, 401);
    }
}

#[tokio::test]
async fn the_management_api_takes_no_token_of_another_kind() {
    let (_impostor, tenant) = start().await;
    let tokens = tenant.tokens("acme-web", "openid").await;
    for (token, what) in [
        (access_token(&tenant).await, "for another API"),
        (tokens.id_token.unwrap(), "an ID token"),
        (tokens.access_token, "an opaque token"),
    ] {
        assert_eq!(tenant.get_as(&token, "/api/v2/users").await.status, 401, "{what}");
    }
}

#[tokio::test]
async fn an_id_token_opens_nothing_at_userinfo() {
    let (_impostor, tenant) = start().await;
    let id_token = tenant.tokens("acme-web", "openid email").await.id_token.unwrap();
    refused(&tenant.get_as(&id_token, "/userinfo").await, "an ID token");
}

#[tokio::test]
async fn a_token_is_good_at_its_own_tenant_alone() {
    let (_impostor, tenant) = start().await;
    let fork = tenant.fork("fork-1").await;
    let (own, theirs) = (access_token(&tenant).await, access_token(&fork).await);
    let opaque = tenant.tokens("acme-web", "openid").await.access_token;
    assert_eq!(fork.get_as(&theirs, "/userinfo").await.status, 200);
    refused(&fork.get_as(&own, "/userinfo").await, "the parent's");
    refused(&tenant.get_as(&theirs, "/userinfo").await, "the fork's");
    refused(&fork.get_as(&opaque, "/userinfo").await, "the parent's opaque one");
    let admin = tenant.admin_token("read:users").await;
    assert_eq!(fork.get_as(&admin, "/api/v2/users").await.status, 401);
}

#[tokio::test]
async fn an_expired_token_opens_nothing() {
    let (_impostor, tenant) = start().await;
    let (token, admin) = (access_token(&tenant).await, tenant.admin_token("read:users").await);
    tenant.control().advance("PT24H").await.unwrap();
    refused(&tenant.get_as(&token, "/userinfo").await, "a day old");
    let reply = tenant.get_as(&admin, "/api/v2/users").await;
    assert_eq!(
        (reply.status, &reply.json()["message"]),
        (401, &json!("Expired token received for JSON Web Token validation"))
    );
}

#[tokio::test]
async fn a_hint_is_an_id_token_that_the_tenant_signed() {
    let (_impostor, tenant) = start().await;
    tenant.admin().await.update_client("acme-web", &json!({ "jwt_configuration": { "alg": "HS256" } })).await.unwrap();
    let id_token = tenant.tokens("acme-web", "openid").await.id_token.unwrap();
    let claims = part(&id_token, 1);
    let by = |secret: &[u8]| encode(&Header::default(), &claims, &EncodingKey::from_secret(secret)).unwrap();
    let mut unsigned = id_token.rsplit_once('.').unwrap().0.to_owned();
    unsigned.push('.');
    for forged in [by(b"guessed"), by(b"acme-spa-secret-for-local-tests-only"), unsigned, access_token(&tenant).await] {
        let url = tenant.app("acme-web").oidc_logout(&owned(&[("id_token_hint", &forged)])).unwrap();
        let reply = crate::tenant::send(tenant.http.get(url)).await;
        assert_eq!(reply.status, 400, "{}", reply.body);
    }
    let genuine = by(b"acme-web-secret-for-local-tests-only");
    let url = tenant.app("acme-web").oidc_logout(&owned(&[("id_token_hint", &genuine)])).unwrap();
    assert_eq!(crate::tenant::send(tenant.http.get(url)).await.body, "OK");
}
