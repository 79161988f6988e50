//! Codes, tokens and what they are good for.

use super::*;

#[tokio::test]
async fn a_person_signs_in_and_the_app_learns_who_it_is() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[]), "1089", &[]).await;
    assert!(callback.as_str().starts_with(CALLBACK));
    let names: Vec<_> = callback.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["state", "code", "scope", "authuser", "prompt"]);
    assert_eq!(parameter(&callback, "state").as_deref(), Some("a b&c"));
    assert!(parameter(&callback, "code").unwrap().starts_with("4/0A"));

    let tokens = redeem(&mut agent, &callback, &[]).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let tokens = tokens.json();
    assert_eq!((&tokens["expires_in"], &tokens["token_type"]), (&json!(3599), &json!("Bearer")));
    let long = "openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile";
    assert_eq!(tokens["scope"], long);
    assert_eq!(tokens.get("refresh_token"), None);

    let userinfo = agent.get_as(&format!("{BASE}/v1/userinfo"), tokens["access_token"].as_str().unwrap()).await.json();
    let expected = json!({
        "sub": "1089", "name": "Ada Fake", "given_name": "Ada", "family_name": "Fake",
        "picture": "http://localhost:4480/_upstreams/google/a/1089=s96-c",
        "email": "ada@people.example", "email_verified": true, "locale": "en"
    });
    assert_eq!(userinfo, expected);
    let picture = agent.get(userinfo["picture"].as_str().unwrap()).await;
    assert_eq!(picture.headers[header::CONTENT_TYPE], "image/svg+xml");
}

#[tokio::test]
async fn an_id_token_is_signed_by_a_published_key_and_says_what_google_says() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[]), "1090", &[]).await;
    let tokens = redeem(&mut agent, &callback, &[]).await.json();
    let keys = agent.get(&format!("{BASE}/oauth2/v3/certs")).await.json();
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(2));
    let jws = Jws::parse(tokens["id_token"].as_str().unwrap()).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"].as_str() == jws.kid()).unwrap();
    let claims = jws.verify(&VerifyingKey::of_jwk(key, Algorithm::Rs256).unwrap()).unwrap();
    let at_hash = claims["at_hash"].clone();
    let expected = json!({
        "iss": "http://localhost:4480/_upstreams/google", "azp": "app", "aud": "app", "sub": "1090",
        "hd": "work.example", "at_hash": at_hash, "nonce": "n1", "iat": 1_900_000_000, "exp": 1_900_003_600,
        "name": "Bo Lind", "given_name": "Bo", "family_name": "Lind",
        "picture": "http://localhost:4480/_upstreams/google/a/1090=s96-c",
        "email": "bo@work.example", "email_verified": true
    });
    assert_eq!(Value::from(claims), expected);

    let info = agent.get(&format!("{BASE}/tokeninfo?id_token={}", tokens["id_token"].as_str().unwrap())).await.json();
    assert_eq!(
        (&info["exp"], &info["email_verified"], &info["alg"]),
        (&json!("1900003600"), &json!("true"), &json!("RS256"))
    );
    let forged = tokens["id_token"].as_str().unwrap().replace('.', ".e");
    let forged = agent.get(&format!("{BASE}/tokeninfo?id_token={forged}")).await;
    refused(&forged, 400, "invalid_token", "Invalid Value");
}

#[tokio::test]
async fn discovery_answers_for_the_address_it_was_asked_at() {
    let mut agent = agent();
    let document = agent.get(&format!("{BASE}/.well-known/openid-configuration")).await.json();
    assert_eq!(document["issuer"], "http://localhost:4480/_upstreams/google");
    assert_eq!(document["token_endpoint"], "http://localhost:4480/_upstreams/google/token");
    let certificates = agent.get(&format!("{BASE}/oauth2/v1/certs")).await.json();
    let pem = certificates.as_object().unwrap().values().next().unwrap().as_str().unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\nMII"), "{pem}");
}

#[tokio::test]
async fn the_second_form_of_userinfo_has_other_names() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[("scope", "email")]), "1089", &[]).await;
    let tokens = redeem(&mut agent, &callback, &[]).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let second = agent.get(&format!("{BASE}/oauth2/v2/userinfo?access_token={token}")).await.json();
    assert_eq!(second, json!({ "id": "1089", "email": "ada@people.example", "verified_email": true }));
    let info = agent.get(&format!("{BASE}/tokeninfo?access_token={token}")).await.json();
    assert_eq!(
        (&info["sub"], &info["expires_in"], &info["access_type"]),
        (&json!("1089"), &json!("3599"), &json!("online"))
    );
    assert!(tokens["id_token"].is_string(), "openid comes with email");
}

#[tokio::test]
async fn a_code_is_worth_one_exchange_by_its_app_in_time() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[]), "1089", &[]).await;
    let elsewhere = redeem(&mut agent, &callback, &[("redirect_uri", "http://localhost:3000/other")]).await;
    refused(&elsewhere, 400, "redirect_uri_mismatch", "Bad Request");
    let other_app = redeem(&mut agent, &callback, &[("client_id", "other")]).await;
    refused(&other_app, 400, "invalid_grant", "Bad Request");
    assert_eq!(redeem(&mut agent, &callback, &[]).await.status, StatusCode::OK);
    refused(&redeem(&mut agent, &callback, &[]).await, 400, "invalid_grant", "Bad Request");
    let garbage = redeem(&mut agent, &callback, &[("code", "x")]).await;
    refused(&garbage, 400, "invalid_grant", "Malformed auth code.");

    let late = agent.sign_in(&authorize(&[]), "1089", &[]).await;
    agent.clock.advance(Duration::from_secs(601));
    refused(&redeem(&mut agent, &late, &[]).await, 400, "invalid_grant", "Bad Request");
}

#[tokio::test]
async fn a_refresh_token_comes_with_the_first_consent_to_it_and_ends_when_revoked() {
    let mut agent = agent();
    let offline = authorize(&[("access_type", "offline")]);
    let callback = agent.sign_in(&offline, "1089", &[]).await;
    let refresh = redeem(&mut agent, &callback, &[]).await.json()["refresh_token"].as_str().unwrap().to_owned();
    assert!(refresh.starts_with("1//0"));

    let callback = agent.sign_in(&offline, "1089", &[]).await;
    assert_eq!(parameter(&callback, "prompt").as_deref(), Some("none"));
    assert_eq!(redeem(&mut agent, &callback, &[]).await.json().get("refresh_token"), None);
    let callback =
        agent.sign_in(&authorize(&[("access_type", "offline"), ("approval_prompt", "force")]), "1089", &[]).await;
    assert!(redeem(&mut agent, &callback, &[]).await.json()["refresh_token"].is_string());

    let form =
        [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", "app"), ("client_secret", "s")];
    let refreshed = agent.post(&format!("{BASE}/token"), &form).await.json();
    assert!(refreshed["id_token"].is_string() && refreshed.get("refresh_token").is_none());
    let revoked = agent.post(&format!("{BASE}/revoke"), &[("token", &refresh)]).await;
    assert_eq!((revoked.status, revoked.body.as_str()), (StatusCode::OK, ""));
    let ended = agent.post(&format!("{BASE}/token"), &form).await;
    refused(&ended, 400, "invalid_grant", "Token has been expired or revoked.");
    let again = agent.post(&format!("{BASE}/revoke"), &[("token", &refresh)]).await;
    refused(&again, 400, "invalid_token", "Token expired or revoked");
    let token = refreshed["access_token"].as_str().unwrap();
    let userinfo = agent.get_as(&format!("{BASE}/v1/userinfo"), token).await;
    refused(&userinfo, 401, "invalid_request", "Invalid Credentials");
    let challenge = "Bearer realm=\"https://accounts.google.com/\", error=invalid_token";
    assert_eq!(userinfo.headers[header::WWW_AUTHENTICATE], challenge);
}

#[tokio::test]
async fn a_client_must_prove_itself() {
    let mut agent = agent();
    let registered = Client { id: "app".into(), secret: Some("s".into()), name: None, redirect_uris: vec![] };
    let put: Result<(), ()> = agent.upstreams.write(|draft| {
        draft.of_mut(Provider::Google).put_client(registered);
        Ok(())
    });
    put.unwrap();
    let callback = agent.sign_in(&authorize(&[]), "1089", &[]).await;
    let wrong = redeem(&mut agent, &callback, &[("client_secret", "t")]).await;
    refused(&wrong, 401, "invalid_client", "Unauthorized");
    let unknown = redeem(&mut agent, &callback, &[("client_id", "other")]).await;
    refused(&unknown, 401, "invalid_client", "The OAuth client was not found.");
    let embedded = redeem(&mut agent, &callback, &[("client_id", embedded_client::GOOGLE_ID)]).await;
    refused(&embedded, 401, "invalid_client", "Unauthorized");
    let none = redeem(&mut agent, &callback, &[("grant_type", "magic")]).await;
    refused(&none, 400, "unsupported_grant_type", "Invalid grant_type: magic");
    let basic = axum::http::Request::post(format!("{BASE}/token"))
        .header(header::AUTHORIZATION, "Basic YXBwOnM=")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let code = parameter(&callback, "code").unwrap().replace('/', "%2F");
    let body = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}");
    assert_eq!(agent.send(basic, body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_challenge_wants_its_verifier() {
    let mut agent = agent();
    // RFC 7636, appendix B.
    let challenge =
        [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
    let callback = agent.sign_in(&authorize(&challenge), "1089", &[]).await;
    refused(&redeem(&mut agent, &callback, &[]).await, 400, "invalid_grant", "Missing code verifier.");
    let wrong = redeem(&mut agent, &callback, &[("code_verifier", "x")]).await;
    refused(&wrong, 400, "invalid_grant", "Invalid code verifier.");
    let right = [("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")];
    assert_eq!(redeem(&mut agent, &callback, &right).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_built_or_not_there_says_so() {
    let mut agent = agent();
    let device = agent.post(&format!("{BASE}/device/code"), &[]).await;
    refused(&device, 501, "unsupported", "the device flow is not built yet");
    assert_eq!(agent.get(&format!("{BASE}/nothing")).await.status, StatusCode::NOT_FOUND);
}
