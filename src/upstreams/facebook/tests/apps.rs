//! What apps ask for, and how they prove who they are.

use super::*;

#[tokio::test]
async fn a_code_is_worth_one_exchange_by_its_app_in_time() {
    let mut agent = agent();
    let callback = agent.sign_in(&dialog(&[]), "1015801", &[]).await;
    let elsewhere = redeem(&mut agent, &callback, &[("redirect_uri", "http://localhost:3000/other")]).await;
    let mismatch = "Error validating verification code. Please make sure your redirect_uri is identical to the one you \
                    used in the OAuth dialog request";
    refused(&elsewhere, 400, 100, Some(36008), mismatch);
    let foreign = redeem(&mut agent, &callback, &[("client_id", "78")]).await;
    refused(&foreign, 400, 100, None, "Invalid verification code format.");
    assert_eq!(redeem(&mut agent, &callback, &[]).await.status, StatusCode::OK);
    let used = redeem(&mut agent, &callback, &[]).await;
    refused(&used, 400, 100, Some(36009), "This authorization code has been used.");
    let late = agent.sign_in(&dialog(&[]), "1015801", &[]).await;
    agent.clock.advance(Duration::from_secs(601));
    let late = redeem(&mut agent, &late, &[]).await;
    refused(&late, 400, 100, Some(36007), "This authorization code has expired.");
}

#[tokio::test]
async fn an_app_asks_what_a_token_is_good_for() {
    let mut agent = agent();
    let token = token(&mut agent, "1015801", &[], &[]).await;
    let credentials = [("client_id", "77"), ("client_secret", "s"), ("grant_type", "client_credentials")];
    let app = agent.post(&format!("{BASE}/oauth/access_token"), &credentials).await.json();
    let app = app["access_token"].as_str().unwrap().replace('|', "%7C");
    assert!(app.starts_with("77%7C"));
    let told = agent.get(&format!("{BASE}/debug_token?input_token={token}&access_token={app}")).await.json();
    let expected = json!({
        "app_id": "77", "type": "USER", "application": "77", "data_access_expires_at": 1_907_776_000_i64,
        "expires_at": 1_905_183_944_i64, "is_valid": true, "issued_at": 1_900_000_000,
        "scopes": ["email", "public_profile"], "user_id": "1015801"
    });
    assert_eq!(told["data"], expected);
    let foreign = agent.get(&format!("{BASE}/debug_token?input_token={token}&access_token=78%7Cs")).await.json();
    assert_eq!(foreign["data"]["is_valid"], false);
    let longer = format!(
        "{BASE}/oauth/access_token?grant_type=fb_exchange_token&client_id=77&client_secret=s&fb_exchange_token={token}"
    );
    let longer = agent.get(&longer).await.json();
    assert_eq!(me(&mut agent, longer["access_token"].as_str().unwrap(), "id").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_dialog_answers_in_the_form_asked_for() {
    let mut agent = agent();
    let granted = [("response_type", "code granted_scopes")];
    let callback = agent.sign_in(&dialog(&granted), "1015801", &["email"]).await;
    assert_eq!(parameter(&callback, "granted_scopes").as_deref(), Some("public_profile"));
    assert_eq!(parameter(&callback, "denied_scopes").as_deref(), Some("email"));
    let callback = agent.sign_in(&dialog(&[("response_type", "token")]), "1015801", &[]).await;
    assert_eq!(callback.query(), None);
    let fragment = callback.fragment().unwrap();
    assert!(fragment.starts_with("access_token=EAAG") && fragment.ends_with("&state=a+b%26c"), "{fragment}");
    let shown = agent.get(&dialog(&[("auth_type", "reauthenticate")])).await;
    let cancelled = agent.press(&shown, "form.cancel", &[("action", "deny")]).await.location();
    let expected = "?error_reason=user_denied&error=access_denied&error_code=200\
                    &error_description=Permissions+error.&state=a+b%26c#_=_";
    assert_eq!(cancelled, format!("{CALLBACK}{expected}"));
}

#[tokio::test]
async fn mistakes_of_an_app_are_shown_and_nobody_is_sent_anywhere() {
    let mut agent = agent();
    for (extra, shown) in [
        (("redirect_uri", "https://evil.example/"), "URL Blocked"),
        (("redirect_uri", ""), "URL Blocked"),
        (("client_id", ""), "Invalid App ID"),
        (("response_type", "id_token"), "Invalid response_type"),
        (("scope", "email,<b>"), "Invalid Scopes"),
    ] {
        let page = agent.get(&dialog(&[extra])).await;
        assert_eq!((page.status.as_u16(), page.headers.get(header::LOCATION)), (400, None), "{extra:?}");
        assert!(page.body.contains(shown) && !page.body.contains("<b>"), "{extra:?} {}", page.body);
    }
}

#[tokio::test]
async fn an_app_must_prove_itself() {
    let mut agent = agent();
    let client =
        Client { id: "77".into(), secret: Some("s".into()), name: Some("My App".into()), redirect_uris: vec![] };
    let put: Result<(), ()> = agent.upstreams.write(|draft| {
        draft.of_mut(Provider::Facebook).put_client(client);
        Ok(())
    });
    put.unwrap();
    let page = agent.get(&dialog(&[])).await;
    assert!(page.body.contains("<strong>My App</strong>"));
    let callback = agent.sign_in(&dialog(&[]), "1015801", &[]).await;
    let wrong = redeem(&mut agent, &callback, &[("client_secret", "t")]).await;
    refused(&wrong, 400, 1, None, "Error validating client secret.");
    let unknown = redeem(&mut agent, &callback, &[("client_id", "1")]).await;
    let message = "Error validating application. Cannot get application info due to a system error.";
    refused(&unknown, 400, 101, None, message);
    assert_eq!(redeem(&mut agent, &callback, &[]).await.status, StatusCode::OK);
}
