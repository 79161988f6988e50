//! Pages, codes and tokens.

use super::*;

#[tokio::test]
async fn a_code_becomes_a_token_in_the_form_that_is_accepted() {
    let mut agent = agent();
    let callback = agent.sign_in(&authorize(&[("scope", "user:email read:user")]), "1", &[]).await;
    assert!(callback.as_str().starts_with(CALLBACK));
    assert_eq!(parameter(&callback, "state").as_deref(), Some("a b&c"));
    assert_eq!(parameter(&callback, "code").unwrap().len(), 20);
    let form = redeem_as(&mut agent, "*/*", &callback, &[]).await;
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(form.body.as_bytes()).into_owned().collect();
    assert!(fields[0].1.starts_with("gho_") && fields[0].1.len() == 40, "{}", form.body);
    assert!(form.body.ends_with("&scope=read%3Auser%2Cuser%3Aemail&token_type=bearer"), "{}", form.body);

    let callback = agent.sign_in(&authorize(&[]), "1", &[]).await;
    let json = redeem(&mut agent, &callback, &[("redirect_uri", CALLBACK)]).await.json();
    assert_eq!(
        (&json["scope"], &json["token_type"], json.get("expires_in")),
        (&json!("user:email"), &json!("bearer"), None)
    );
    let callback = agent.sign_in(&authorize(&[]), "1", &[]).await;
    let xml = redeem_as(&mut agent, "application/xml", &callback, &[]).await;
    assert!(xml.body.contains("<token_type>bearer</token_type>"), "{}", xml.body);
}

#[tokio::test]
async fn what_is_wrong_with_an_exchange_is_a_200_with_an_error() {
    let mut agent = agent();
    register(&agent, &[]);
    let callback = agent.sign_in(&authorize(&[]), "1", &[]).await;
    refused(&redeem(&mut agent, &callback, &[("client_secret", "x")]).await, "incorrect_client_credentials");
    refused(&redeem(&mut agent, &callback, &[("client_id", "other")]).await, "incorrect_client_credentials");
    refused(&redeem(&mut agent, &callback, &[("redirect_uri", "http://localhost/x")]).await, "redirect_uri_mismatch");
    refused(&redeem(&mut agent, &callback, &[("code", "x")]).await, "bad_verification_code");
    assert!(redeem(&mut agent, &callback, &[]).await.json()["access_token"].is_string());
    let replayed = redeem(&mut agent, &callback, &[]).await;
    refused(&replayed, "bad_verification_code");
    assert_eq!(replayed.json()["error_description"], "The code passed is incorrect or expired.");
    let as_form = redeem_as(&mut agent, "", &callback, &[]).await;
    assert!(as_form.body.starts_with("error=bad_verification_code&error_description=The+code"), "{}", as_form.body);

    let late = agent.sign_in(&authorize(&[]), "1", &[]).await;
    agent.clock.advance(Duration::from_secs(601));
    refused(&redeem(&mut agent, &late, &[]).await, "bad_verification_code");
    let device = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code")];
    assert_eq!(redeem(&mut agent, &late, &device).await.status, StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn who_has_not_confirmed_the_primary_address_gets_no_token() {
    let mut agent = agent();
    let emails = json!([{ "email": "uma@people.example", "verified": false }, { "email": "u@x.example" }]);
    agent.add(Provider::Github, json!({ "id": 3, "login": "uma", "emails": emails }), None);
    let callback = agent.sign_in(&authorize(&[]), "3", &[]).await;
    refused(&redeem(&mut agent, &callback, &[]).await, "unverified_user_email");
}

#[tokio::test]
async fn a_challenge_wants_its_verifier_and_only_s256_is_known() {
    let mut agent = agent();
    let challenge = ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"); // RFC 7636, appendix B.
    let plain = agent.get(&authorize(&[challenge])).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
    let callback = agent.sign_in(&authorize(&[challenge, ("code_challenge_method", "S256")]), "1", &[]).await;
    refused(&redeem(&mut agent, &callback, &[]).await, "bad_verification_code");
    let right = [("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")];
    assert!(redeem(&mut agent, &callback, &right).await.json()["access_token"].is_string());
}

#[tokio::test]
async fn consent_is_for_all_that_is_asked_and_asked_once() {
    let mut agent = agent();
    let chooser = agent.get(&authorize(&[])).await;
    let typed = agent.press(&chooser, "form[data-account-other]", &[("identifier", "nobody")]).await;
    assert!(typed.body.contains("Incorrect username or email address."));
    let chosen = agent.press(&chooser, "form[data-account=\"1\"]", &[]).await;
    let consent = agent.get(&chosen.location()).await;
    let denied = agent.press(&consent, "form[data-consent]", &[("action", "deny")]).await.location();
    let denied = Url::parse(&denied).unwrap();
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&denied, "error_description").unwrap(), "The user has denied your application access.");
    assert!(parameter(&denied, "error_uri").unwrap().ends_with("#access-denied"));
    assert_eq!(parameter(&denied, "state").as_deref(), Some("a b&c"));

    // Unticking takes nothing out: it is all or nothing.
    let callback = agent.sign_in(&authorize(&[("scope", "user")]), "1", &["user"]).await;
    assert_eq!(redeem(&mut agent, &callback, &[]).await.json()["scope"], "user");
    for scope in ["user:email", ""] {
        let straight = agent.get(&authorize(&[("scope", scope)])).await.location();
        let answer = redeem(&mut agent, &Url::parse(&straight).unwrap(), &[]).await.json();
        assert_eq!(answer["scope"], if scope.is_empty() { "user" } else { scope });
    }
    assert!(agent.get(&authorize(&[("scope", "gist")])).await.location().contains("/signin/consent"));
    assert_eq!(agent.get(&authorize(&[("prompt", "select_account")])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn people_sign_in_by_login_or_any_address() {
    for typed in ["BO", "bo@old.example", "2"] {
        let mut agent = agent();
        let chooser = agent.get(&authorize(&[])).await;
        let (_, rest) = chooser.body.split_once("name=\"flow\" value=\"").unwrap();
        let flow = rest.split('"').next().unwrap().to_owned();
        let next = agent.post(&format!("{BASE}/signin/chooser"), &[("flow", &flow), ("identifier", typed)]).await;
        assert!(next.location().contains("/signin/consent"), "{typed}");
    }
}

#[tokio::test]
async fn a_redirect_that_is_not_allowed_is_told_at_the_registered_one() {
    let mut agent = agent();
    let evil = authorize(&[("redirect_uri", "https://evil.example/")]);
    assert_eq!(agent.get(&evil).await.status, StatusCode::BAD_REQUEST);
    register(&agent, &["https://app.example/cb"]);
    let told = Url::parse(&agent.get(&evil).await.location()).unwrap();
    assert!(told.as_str().starts_with("https://app.example/cb?error=redirect_uri_mismatch&"), "{told}");
    assert_eq!(parameter(&told, "state").as_deref(), Some("a b&c"));
    let none_named = agent.sign_in(&authorize(&[("redirect_uri", "")]), "1", &[]).await;
    assert!(none_named.as_str().starts_with("https://app.example/cb?code="));
    assert_eq!(agent.get(&authorize(&[("client_id", "other")])).await.status, StatusCode::NOT_FOUND);
}
