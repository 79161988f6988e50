//! Pages, codes and tokens.

use super::*;

#[tokio::test]
async fn a_code_becomes_tokens_and_an_id_token_of_the_consumers_directory() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[("nonce", "n1")]), BOB, &["email"]).await;
    let names: Vec<_> = callback.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["code", "state", "session_state"]);
    let tokens = redeem(&mut agent, &callback, &[]).await.json();
    let expected = (&json!("openid profile email User.Read"), &json!(3600), &json!(3600), None);
    let told = (&tokens["scope"], &tokens["expires_in"], &tokens["ext_expires_in"], tokens.get("refresh_token"));
    assert_eq!(told, expected);

    let document = agent.get(&format!("{BASE}/consumers/v2.0/.well-known/openid-configuration")).await.json();
    let keys = agent.get(document["jwks_uri"].as_str().unwrap()).await.json();
    let jws = Jws::parse(tokens["id_token"].as_str().unwrap()).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"].as_str() == jws.kid()).unwrap();
    assert!(key["x5c"].is_array() && key["x5t"].is_string() && key["issuer"] == document["issuer"]);
    let claims = jws.verify(&VerifyingKey::of_jwk(key, Algorithm::Rs256).unwrap()).unwrap();
    let sub = claims["sub"].clone();
    let expected = json!({
        "ver": "2.0", "iss": document["issuer"], "sub": sub, "aud": "app", "exp": 1_900_003_600, "iat": 1_900_000_000,
        "nbf": 1_900_000_000, "tid": "9188040d-6c67-4c5b-b112-36a304b66dad", "nonce": "n1",
        "oid": "00000000-0000-0000-0123456789abcdef", "name": "Bob Doe", "preferred_username": "bob@people.example",
        "email": "bob@mail.example"
    });
    assert_eq!(Value::from(claims), expected);
}

#[tokio::test]
async fn discovery_of_common_has_a_template_for_issuer() {
    let mut agent = agent();
    let common = agent.get(&format!("{BASE}/common/v2.0/.well-known/openid-configuration")).await.json();
    assert_eq!(common["issuer"], "http://localhost:4480/_upstreams/microsoft/{tenantid}/v2.0");
    assert_eq!(common["token_endpoint"], "http://localhost:4480/_upstreams/microsoft/common/oauth2/v2.0/token");
    let unknown = agent.get(&format!("{BASE}/work.example/v2.0/.well-known/openid-configuration")).await;
    refused(&unknown, 400, "invalid_tenant", 90002);
    let page = agent.get(&authorize_at("/work.example/oauth2/v2.0/authorize", &[])).await;
    assert_eq!((page.status, page.body.contains("AADSTS90002")), (StatusCode::BAD_REQUEST, true));
}

#[tokio::test]
async fn what_is_wrong_with_an_exchange_has_a_number() {
    let mut agent = agent();
    let registered = Client { id: "app".into(), secret: Some("s".into()), name: None, redirect_uris: vec![] };
    let put: Result<(), ()> = agent.upstreams.write(|draft| {
        draft.of_mut(Provider::Microsoft).put_client(registered);
        Ok(())
    });
    put.unwrap();
    let challenge =
        [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
    let callback = agent.sign_in(&authorize(&challenge), BOB, &[]).await;
    let verifier = ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"); // RFC 7636, appendix B.
    for (extra, status, error, number) in [
        (("grant_type", ""), 400, "invalid_request", 900_144),
        (("grant_type", "magic"), 400, "unsupported_grant_type", 70003),
        (("client_id", "other"), 400, "unauthorized_client", 700_016),
        (("client_secret", "x"), 401, "invalid_client", 7_000_215),
        (("code", "x"), 400, "invalid_grant", 70000),
        (("redirect_uri", "http://localhost/x"), 400, "invalid_grant", 500_112),
        (("code_verifier", "x"), 400, "invalid_grant", 501_481),
    ] {
        refused(&redeem(&mut agent, &callback, &[extra]).await, status, error, number);
    }
    assert_eq!(redeem(&mut agent, &callback, &[verifier]).await.status, StatusCode::OK);
    refused(&redeem(&mut agent, &callback, &[verifier]).await, 400, "invalid_grant", 54005);
    let late = agent.sign_in(&authorize(&[]), BOB, &[]).await;
    agent.clock.advance(Duration::from_secs(601));
    let expired = redeem(&mut agent, &late, &[]).await;
    refused(&expired, 400, "invalid_grant", 70008);
    assert_eq!(expired.json()["timestamp"], "2030-03-17 17:56:41Z");
    assert_eq!(expired.json()["error_uri"], "https://login.microsoftonline.com/error?code=70008");
}

#[tokio::test]
async fn a_refresh_token_comes_with_offline_access_and_is_replaced() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[("scope", "openid User.Read offline_access")]), BOB, &[]).await;
    let tokens = redeem(&mut agent, &callback, &[]).await.json();
    assert_eq!(tokens["scope"], "openid User.Read");
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let extra = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("code", "")];
    let refreshed = redeem(&mut agent, &callback, &extra).await.json();
    assert_ne!(refreshed["refresh_token"], tokens["refresh_token"]);
    assert!(refreshed["id_token"].is_string());
    let foreign = redeem(&mut agent, &callback, &[("client_id", "other"), extra[0], extra[1]]).await;
    refused(&foreign, 400, "invalid_grant", 70000);
    agent.clock.advance(Duration::from_hours(91 * 24));
    refused(&redeem(&mut agent, &callback, &extra).await, 400, "invalid_grant", 70008);
}

#[tokio::test]
async fn who_cancels_or_is_not_there_is_told_of_at_the_app() {
    let mut agent = agent();
    let silent = authorize(&[("prompt", "none")]);
    let nobody = Url::parse(&agent.get(&silent).await.location()).unwrap();
    assert_eq!(parameter(&nobody, "error").as_deref(), Some("login_required"));
    assert!(parameter(&nobody, "error_description").unwrap().starts_with("AADSTS50058: "));
    let chooser = agent.get(&authorize(&[])).await;
    let denied = Url::parse(&agent.press(&chooser, "form.cancel", &[("action", "deny")]).await.location()).unwrap();
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    assert!(parameter(&denied, "error_description").unwrap().starts_with("AADSTS65004: "));
    assert_eq!(parameter(&denied, "state").as_deref(), Some("a b&c"));

    agent.sign_in(&authorize(&[]), BOB, &[]).await;
    assert!(agent.get(&silent).await.location().contains("code="));
    let wider = authorize(&[("prompt", "none"), ("scope", "openid Mail.Read")]);
    let unconsented = Url::parse(&agent.get(&wider).await.location()).unwrap();
    assert_eq!(parameter(&unconsented, "error").as_deref(), Some("consent_required"));
    assert!(agent.get(&authorize(&[("prompt", "consent")])).await.location().contains("/signin/consent"));
    assert_eq!(agent.get(&authorize(&[("prompt", "select_account")])).await.status, StatusCode::OK);
    agent.get(&format!("{BASE}/common/oauth2/v2.0/logout")).await;
    assert!(agent.get(&silent).await.location().contains("login_required"));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_shown_or_told() {
    let mut agent = agent();
    for (extra, number) in [
        (("redirect_uri", "https://evil.example/"), "AADSTS50011"),
        (("redirect_uri", ""), "AADSTS900144"),
        (("client_id", ""), "AADSTS900144"),
        (("scope", "openid <x>"), "AADSTS70011"),
    ] {
        let page = agent.get(&authorize(&[extra])).await;
        let told = (page.status, page.headers.get(header::LOCATION));
        assert_eq!(told, (StatusCode::BAD_REQUEST, None), "{extra:?}");
        assert!(page.body.contains(number), "{}", page.body);
        assert!(!page.body.contains("<x>"));
    }
    for extra in [("response_type", "id_token"), ("response_mode", "form_post")] {
        assert!(agent.get(&authorize(&[extra])).await.location().contains("?error="), "{extra:?}");
    }
}
