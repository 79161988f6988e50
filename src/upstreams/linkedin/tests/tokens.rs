//! Pages, codes and tokens.

use super::*;

const BAD_CODE: &str = "Unable to retrieve access token: appid/redirect uri/code verifier does not match";

#[tokio::test]
async fn a_code_becomes_a_token_with_commas_in_its_scope() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[]), "a1B2c3", &["email"]).await;
    assert!(callback.as_str().starts_with(CALLBACK));
    assert_eq!(parameter(&callback, "state").as_deref(), Some("a b&c"));
    let answer = redeem(&mut agent, &callback, &[]).await;
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-cache, no-store");
    let tokens = answer.json();
    assert!(tokens["access_token"].as_str().unwrap().starts_with("AQX"));
    // It is all or nothing: unticking takes nothing out.
    let expected = (&json!("email,openid,profile"), &json!(5_183_999), &json!("Bearer"));
    assert_eq!((&tokens["scope"], &tokens["expires_in"], &tokens["token_type"]), expected);
    assert_eq!(tokens.get("refresh_token"), None);
    assert!(agent.get(&authorize(&[])).await.location().starts_with(CALLBACK), "asked once");
}

#[tokio::test]
async fn an_id_token_has_its_locale_as_text() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[("nonce", "n1")]), "a1B2c3", &[]).await;
    let tokens = redeem(&mut agent, &callback, &[]).await.json();
    let document = agent.get(&format!("{BASE}/oauth/.well-known/openid-configuration")).await.json();
    let keys = agent.get(document["jwks_uri"].as_str().unwrap()).await.json();
    let jws = Jws::parse(tokens["id_token"].as_str().unwrap()).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"].as_str() == jws.kid()).unwrap();
    assert_eq!(key.get("x5c"), None);
    let claims = jws.verify(&VerifyingKey::of_jwk(key, Algorithm::Rs256).unwrap()).unwrap();
    let expected = json!({
        "iss": document["issuer"], "aud": "app", "iat": 1_900_000_000, "exp": 1_900_003_600, "sub": "a1B2c3",
        "name": "Lin Fake", "given_name": "Lin", "family_name": "Fake", "locale": "pt_PT",
        "picture": "http://localhost:4480/_upstreams/linkedin/dms/image/a1B2c3",
        "email": "lin@people.example", "email_verified": true
    });
    assert_eq!(Value::from(claims), expected);
    assert_eq!(document["issuer"], "http://localhost:4480/_upstreams/linkedin/oauth");
}

#[tokio::test]
async fn a_code_is_worth_one_exchange_by_its_app_in_time() {
    let mut agent = agent();
    let registered = Client { id: "app".into(), secret: Some("s".into()), name: None, redirect_uris: vec![] };
    let put: Result<(), ()> = agent.upstreams.write(|draft| {
        draft.of_mut(Provider::Linkedin).put_client(registered);
        Ok(())
    });
    put.unwrap();
    let callback = agent.sign_in(&authorize(&[]), "a1B2c3", &[]).await;
    let unfit = [("redirect_uri", "http://localhost/x"), ("code", "x")];
    for wrong in unfit {
        refused(&redeem(&mut agent, &callback, &[wrong]).await, 400, "invalid_request", BAD_CODE);
    }
    let missing = redeem(&mut agent, &callback, &[("code", "")]).await;
    refused(&missing, 400, "invalid_request", "A required parameter \"code\" is missing");
    for wrong in [("client_secret", "x"), ("client_id", "other")] {
        refused(&redeem(&mut agent, &callback, &[wrong]).await, 401, "invalid_client", "Client authentication failed");
    }
    let of_app = redeem(&mut agent, &callback, &[("grant_type", "client_credentials")]).await;
    refused(&of_app, 401, "access_denied", "This application is not allowed");
    let refresh = redeem(&mut agent, &callback, &[("grant_type", "refresh_token")]).await;
    refused(&refresh, 400, "invalid_request", "The provided authorization grant or refresh token is invalid");
    assert_eq!(redeem(&mut agent, &callback, &[]).await.status, StatusCode::OK);
    refused(&redeem(&mut agent, &callback, &[]).await, 400, "invalid_request", BAD_CODE);

    let in_time = agent.sign_in(&authorize(&[]), "a1B2c3", &[]).await;
    let late = agent.sign_in(&authorize(&[]), "a1B2c3", &[]).await;
    agent.clock.advance(Duration::from_mins(29));
    assert_eq!(redeem(&mut agent, &in_time, &[]).await.status, StatusCode::OK);
    agent.clock.advance(Duration::from_secs(61));
    refused(&redeem(&mut agent, &late, &[]).await, 400, "invalid_request", BAD_CODE);
}

#[tokio::test]
async fn who_cancels_is_told_where() {
    let mut agent = agent();
    let chooser = agent.get(&authorize(&[])).await;
    let at_login = agent.press(&chooser, "form.cancel", &[("action", "deny")]).await.location();
    let expected = "?error=user_cancelled_login&error_description=The+user+cancelled+LinkedIn+login&state=a+b%26c";
    assert_eq!(at_login, format!("{CALLBACK}{expected}"));
    let chooser = agent.get(&authorize(&[])).await;
    let chosen = agent.press(&chooser, "form[data-account=\"a1B2c3\"]", &[]).await;
    let consent = agent.get(&chosen.location()).await;
    let at_consent = agent.press(&consent, "form[data-consent]", &[("action", "deny")]).await.location();
    let expected =
        "?error=user_cancelled_authorize&error_description=The+user+cancelled+the+authorization&state=a+b%26c";
    assert_eq!(at_consent, format!("{CALLBACK}{expected}"));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_where_it_may_be() {
    let mut agent = agent();
    let unknown = Url::parse(&agent.get(&authorize(&[("scope", "openid r_magic")])).await.location()).unwrap();
    assert_eq!(parameter(&unknown, "error").as_deref(), Some("unauthorized_scope_error"));
    let said = "Scope \"r_magic\" is not authorized for your application";
    assert_eq!(parameter(&unknown, "error_description").as_deref(), Some(said));
    let implicit = agent.get(&authorize(&[("response_type", "token")])).await.location();
    assert!(implicit.contains("error=unsupported_response_type"));
    for extra in [("redirect_uri", "https://evil.example/"), ("client_id", "")] {
        let page = agent.get(&authorize(&[extra])).await;
        assert_eq!((page.status, page.headers.get(header::LOCATION)), (StatusCode::BAD_REQUEST, None));
        assert!(page.body.contains("Bummer, something went wrong."));
    }
}

#[tokio::test]
async fn an_app_asks_about_its_token_and_gives_it_back() {
    let mut agent = agent();
    let token = token(&mut agent, "m1", "openid").await;
    let form = [("client_id", "app"), ("client_secret", "s"), ("token", token.as_str())];
    let facts = agent.post(&format!("{BASE}/oauth/v2/introspectToken"), &form).await.json();
    assert_eq!(
        (&facts["active"], &facts["scope"], &facts["auth_type"]),
        (&json!(true), &json!("openid"), &json!("3L"))
    );
    assert_eq!(agent.post(&format!("{BASE}/oauth/v2/revoke"), &form).await.status, StatusCode::OK);
    let facts = agent.post(&format!("{BASE}/oauth/v2/introspectToken"), &form).await.json();
    assert_eq!(facts, json!({ "active": false, "status": "revoked" }));
    let revoked = agent.get_as(&format!("{BASE}/v2/userinfo"), &token).await;
    api_refused(&revoked, 401, 65601, "The token used in the request has been revoked by the user");
}
