//! What people see and decide.

use super::*;

#[tokio::test]
async fn single_scopes_can_be_declined_but_not_those_to_sign_in_with() {
    let mut agent = agent();
    let scope = format!("openid email {CALENDAR}");
    let with_calendar = authorize(&[("scope", &scope)]);
    let unticked = agent.sign_in(&with_calendar, "1089", &[CALENDAR, "openid"]).await;
    assert_eq!(parameter(&unticked, "scope").unwrap(), "openid https://www.googleapis.com/auth/userinfo.email");
    let asked_again = agent.sign_in(&with_calendar, "1089", &[]).await;
    assert!(parameter(&asked_again, "scope").unwrap().ends_with(CALENDAR));
    // Bo gives nothing of himself: his box is not ticked.
    let mut other = agent.other_browser();
    let declined = other.sign_in(&with_calendar, "1090", &[]).await;
    assert!(!parameter(&declined, "scope").unwrap().contains(CALENDAR));
    let granted = agent.sign_in(&authorize(&[("include_granted_scopes", "true")]), "1089", &[]).await;
    assert!(parameter(&granted, "scope").unwrap().ends_with(CALENDAR));
}

#[tokio::test]
async fn prompts_decide_what_is_shown() {
    let mut agent = agent();
    let silent = authorize(&[("prompt", "none")]);
    let stuck = agent.get(&silent).await;
    assert_eq!(stuck.location(), format!("{CALLBACK}?error=interaction_required&state=a+b%26c"));
    agent.sign_in(&authorize(&[]), "1089", &[]).await;
    assert!(agent.get(&silent).await.location().contains("code="));
    assert!(agent.get(&authorize(&[])).await.location().starts_with(CALLBACK));
    assert_eq!(agent.get(&authorize(&[("prompt", "select_account")])).await.status, StatusCode::OK);
    assert!(agent.get(&authorize(&[("prompt", "consent")])).await.location().contains("/signin/consent"));
    let hinted = agent.get(&authorize(&[("login_hint", "bo@work.example")])).await;
    assert!(hinted.body.find("1090").unwrap() < hinted.body.find("1089").unwrap(), "the hinted account comes first");
    let of_domain = agent.get(&authorize(&[("hd", "work.example")])).await;
    assert!(of_domain.body.contains("1090") && !of_domain.body.contains("1089"));
    assert_eq!(agent.get(&format!("{BASE}/Logout")).await.status, StatusCode::OK);
    assert_eq!(agent.get(&authorize(&[])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_cancels_is_sent_back_with_nothing_but_the_error() {
    let mut agent = agent();
    let cancelled = format!("{CALLBACK}?error=access_denied&state=a+b%26c");
    let chooser = agent.get(&authorize(&[])).await;
    assert_eq!(agent.press(&chooser, "form.cancel", &[("action", "deny")]).await.location(), cancelled);
    let chooser = agent.get(&authorize(&[])).await;
    let chosen = agent.press(&chooser, "form[data-account=\"1089\"]", &[]).await;
    let consent = agent.get(&chosen.location()).await;
    assert_eq!(agent.press(&consent, "form[data-consent]", &[("action", "deny")]).await.location(), cancelled);
    let replayed = agent.press(&consent, "form[data-consent]", &[("action", "accept")]).await;
    assert_eq!(replayed.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_page_belongs_to_the_browser_that_opened_it() {
    let mut agent = agent();
    let chooser = agent.get(&authorize(&[])).await;
    let mut other = agent.other_browser();
    let foreign = other.press(&chooser, "form[data-account=\"1089\"]", &[]).await;
    assert_eq!((foreign.status, foreign.headers.get(header::LOCATION)), (StatusCode::BAD_REQUEST, None));
    other.get(&authorize(&[])).await;
    let foreign = other.press(&chooser, "form[data-account=\"1089\"]", &[]).await;
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST);
    let unknown = agent.press(&chooser, "form[data-account-other]", &[("identifier", "no@people.example")]).await;
    assert!(unknown.body.contains("find your Google Account"));
    let typed = agent
        .post(&format!("{BASE}/signin/chooser"), &[("flow", &flow(&chooser)), ("identifier", " ADA@people.example")])
        .await;
    assert!(typed.location().contains("/signin/consent"));
    agent.clock.advance(Duration::from_secs(3601));
    assert_eq!(agent.get(&typed.location()).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pages_are_not_kept_not_framed_and_echo_nothing_unescaped() {
    let mut agent = agent();
    let name = json!({ "sub": "1091", "name": "<b>x</b>", "email": "x@people.example" });
    agent.add(Provider::Google, name, None);
    let page = agent.get(&authorize(&[("login_hint", "\"><script>")])).await;
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(page.headers[header::X_FRAME_OPTIONS], "DENY");
    assert!(page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-ancestors 'none'"));
    assert!(!page.body.contains("<script") && !page.body.contains("<b>"), "{}", page.body);
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/_upstreams/google"), "{cookie}");
    assert_eq!(agent.get(&format!("{BASE}/signin/pages.css")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_shown_and_nobody_is_sent_anywhere() {
    let mut agent = agent();
    let registered = Client { id: "app".into(), secret: Some("s".into()), name: None, redirect_uris: vec![] };
    let put: Result<(), ()> = agent.upstreams.write(|draft| {
        draft.of_mut(Provider::Google).put_client(registered);
        Ok(())
    });
    put.unwrap();
    for (extra, status, title) in [
        (("redirect_uri", "https://evil.example/"), 400, "Error 400: redirect_uri_mismatch"),
        (("redirect_uri", ""), 400, "Error 400: invalid_request"),
        (("client_id", "other"), 401, "Error 401: invalid_client"),
        (("client_id", ""), 400, "Error 400: invalid_request"),
        (("response_type", "token"), 400, "Error 400: unsupported_response_type"),
        (("scope", "openid <x>"), 400, "Error 400: invalid_scope"),
        (("prompt", "none consent"), 400, "Error 400: invalid_request"),
        (("code_challenge_method", "S512"), 200, "Choose an account"),
    ] {
        let page = agent.get(&authorize(&[extra])).await;
        assert_eq!((page.status.as_u16(), page.headers.get(header::LOCATION)), (status, None), "{extra:?}");
        assert!(page.body.contains(title) && !page.body.contains("<x>"), "{extra:?} {}", page.body);
    }
    let doubled = agent.get(&format!("{}&state=2", authorize(&[]))).await;
    assert_eq!(doubled.status, StatusCode::BAD_REQUEST);
}
