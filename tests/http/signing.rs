//! How tokens are signed, and the keys behind them.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use impostor::client::callback::ResponseMode;
use impostor::client::jwt::Jwt;
use impostor::client::tokens::Tokens;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Map, Value, json};

use crate::tenant::{Tenant, callback, page, start};

/// The names of the published keys, in their order.
async fn kids(tenant: &Tenant) -> Vec<String> {
    let keys = tenant.get("/.well-known/jwks.json").await.json();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn stages(tenant: &Tenant) -> Vec<(String, &'static str)> {
    let keys = tenant.admin().await.signing_keys().await.unwrap();
    let stage = |key: &Value| ["current", "next", "previous", "revoked"].into_iter().find(|stage| key[*stage] == true);
    keys.iter().map(|key| (key["kid"].as_str().unwrap().to_owned(), stage(key).unwrap())).collect()
}

#[tokio::test]
async fn a_key_is_shown_as_recorded() {
    let (_impostor, tenant) = start().await;
    let keys = tenant.admin().await.signing_keys().await.unwrap();
    assert_eq!(keys.len(), 2);
    let names: Vec<_> = keys[0].as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["kid", "cert", "pkcs7", "current", "next", "previous", "fingerprint", "thumbprint", "revoked"];
    assert_eq!(names, expected);
    assert!(keys[0]["cert"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----\r\n"));
    assert!(keys[0]["pkcs7"].as_str().unwrap().starts_with("-----BEGIN PKCS7-----\r\n"));
    let (admin, kid) = (tenant.admin_token("").await, keys[1]["kid"].as_str().unwrap());
    assert_eq!(tenant.get_as(&admin, &format!("/api/v2/keys/signing/{kid}")).await.json(), keys[1]);
    let unknown = tenant.get_as(&admin, "/api/v2/keys/signing/unknown").await;
    assert_eq!((unknown.status, &unknown.json()["message"]), (404, &json!("Signing key not found.")));
}

#[tokio::test]
async fn a_rotation_moves_keys_on_and_a_revoked_one_is_shown_with_its_time() {
    let (_impostor, tenant) = start().await;
    let before = kids(&tenant).await;
    let rotated = tenant.admin().await.rotate_signing_key().await.unwrap();
    let new = rotated["kid"].as_str().unwrap().to_owned();
    assert_eq!(kids(&tenant).await, [before[1].clone(), new.clone(), before[0].clone()]);
    let revoked = tenant.admin().await.revoke_signing_key(&before[0]).await.unwrap();
    assert_eq!((&revoked["revoked"], revoked["revoked_at"].is_string()), (&json!(true), true));
    let expected = [(before[1].clone(), "current"), (new, "next"), (before[0].clone(), "revoked")];
    assert_eq!(stages(&tenant).await, expected);
}

#[tokio::test]
async fn rotation_wants_both_scopes() {
    let (_impostor, tenant) = start().await;
    let one = tenant.admin_token("update:signing_keys").await;
    let reply = crate::tenant::send(tenant.http.post(tenant.url("/api/v2/keys/signing/rotate")).bearer_auth(one)).await;
    let message = "Insufficient scope; expected create:signing_keys and update:signing_keys.";
    assert_eq!((reply.status, &reply.json()["message"]), (403, &json!(message)));
    assert_eq!(kids(&tenant).await.len(), 2);
}

#[tokio::test]
async fn a_fork_that_rotates_changes_nobody_elses_keys() {
    let (_impostor, tenant) = start().await;
    let before = kids(&tenant).await;
    let fork = tenant.fork("fork-1").await;
    assert_eq!(kids(&fork).await, before);
    let token = tenant.tokens("acme-web", "openid").await.id_token.unwrap();
    fork.admin().await.rotate_signing_key().await.unwrap();
    fork.admin().await.revoke_signing_key(&before[0]).await.unwrap();
    assert_eq!(kids(&tenant).await, before);
    tenant.app("acme-web").verify_id_token(&token, None).await.unwrap();
    fork.control().reset().await.unwrap();
    assert_eq!(kids(&fork).await, before);
}

#[tokio::test]
async fn a_secret_of_old_is_the_bytes_that_it_encodes() {
    let (_impostor, tenant) = start().await;
    let (bytes, admin) = ([7_u8, 250, 0, 33].repeat(8), tenant.admin().await);
    let secret = BASE64_URL_SAFE_NO_PAD.encode(&bytes);
    let change = json!({
        "client_secret": secret,
        "jwt_configuration": { "alg": "HS256", "secret_encoded": true, "lifetime_in_seconds": 60 },
    });
    admin.update_client("acme-web", &change).await.unwrap();
    let mut app = tenant.app("acme-web");
    app.client_secret = Some(secret.clone());
    let (login, callback) = tenant.sign_in(&mut app, &[]).await;
    let id_token = app.redeem(&login, &callback).await.unwrap().id_token.unwrap();
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["acme-web"]);
    let claims = |key: &[u8]| decode::<Map<String, Value>>(&id_token, &DecodingKey::from_secret(key), &validation);
    assert_eq!(claims(&bytes).unwrap().claims["email"], "alice@acme.example");
    assert!(claims(secret.as_bytes()).is_err());
}

/// As express-openid-connect asks unless it is told otherwise: `response_type=id_token`, `response_mode=form_post`.
#[tokio::test]
async fn a_server_that_wants_nothing_but_an_id_token_has_it_posted() {
    let (_impostor, tenant) = start().await;
    let mut app = tenant.app("acme-web");
    let asked = [
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ];
    let (login, callback) = tenant.sign_in(&mut app, &asked).await;
    assert_eq!(callback.mode, ResponseMode::FormPost);
    let names: Vec<_> = callback.parameters.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["id_token", "state"]);
    assert_eq!(callback.get("state"), login.get("state"));
    let tokens = Tokens::of_callback(&callback);
    let Jwt { claims, .. } = app.verify_id_token(&tokens.id_token.unwrap(), Some(&login)).await.unwrap();
    assert_eq!((&claims["email"], claims.contains_key("at_hash")), (&json!("alice@acme.example"), false));
}

#[tokio::test]
async fn no_other_site_can_press_the_button_of_the_logout_page() {
    let (_impostor, tenant) = start().await;
    let mut browser = tenant.browser();
    let mut app = tenant.app("acme-web");
    tenant.sign_in_with(&mut browser, &mut app, &[]).await;
    let asked = page(browser.open(&app.oidc_logout(&[]).unwrap()).await.unwrap());
    let mut form = asked.form_with("proof").unwrap();
    for field in form.fields.iter_mut().filter(|field| field.name == "proof") {
        "guessed".clone_into(&mut field.value);
    }
    let again = page(browser.submit(form.press("accept").unwrap()).await.unwrap());
    assert_eq!((again.status, again.text()), (200, asked.text()));
    let silent = app.begin_login(&[("prompt".to_owned(), "none".to_owned())]).unwrap();
    assert!(callback(browser.open(&silent.url).await.unwrap()).get("code").is_some());
}
