//! ID tokens that the person brings along, and mistakes that an app is told.

use super::*;

/// Signs Ona in and gives the page that posts the answer.
async fn posted(agent: &mut Agent, extra: &[(&str, &str)]) -> Answer {
    let chooser = agent.get(&authorize(extra)).await;
    let consent = agent.press(&chooser, "form[data-account=\"u1\"]", &[]).await;
    let consent = agent.get(&consent.location()).await;
    agent.press(&consent, "form[data-consent]", &[("action", "accept")]).await
}

#[tokio::test]
async fn an_id_token_comes_by_form() {
    let mut agent = agent();
    let page = posted(&mut agent, &[("response_type", "id_token"), ("response_mode", "form_post")]).await;
    assert_eq!(page.status, StatusCode::OK);
    let (action, fields) = page.form("form[method=post]");
    assert_eq!(action, CALLBACK);
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["state", "id_token"]);
    let claims = verified(&mut agent, &fields[1].1).await;
    assert_eq!((&claims["nonce"], &claims["name"]), (&json!("n1"), &json!("Ona Fake")));
    assert_eq!((claims.get("at_hash"), claims.get("c_hash")), (None, None));
}

#[tokio::test]
async fn a_code_may_come_with_its_id_token_in_the_fragment() {
    let mut agent = agent();
    let location = posted(&mut agent, &[("response_type", "code id_token")]).await.location();
    let (at, fragment) = location.split_once('#').unwrap();
    assert_eq!(at, CALLBACK);
    let answer = Url::parse(&format!("{CALLBACK}?{fragment}")).unwrap();
    let claims = verified(&mut agent, &parameter(&answer, "id_token").unwrap()).await;
    assert!(claims["c_hash"].is_string());
    assert_eq!(redeem(&mut agent, &answer, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_error_comes_by_form_as_well() {
    let mut agent = agent();
    let by_form = [("response_type", "id_token"), ("response_mode", "form_post")];
    let chooser = agent.get(&authorize(&by_form)).await;
    let page = agent.press(&chooser, "form.cancel", &[("action", "deny")]).await;
    let (_, fields) = page.form("form[method=post]");
    let description = "The resource owner denied the request.";
    let expected = [("error", "access_denied"), ("error_description", description), ("state", "a b&c")];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn mistakes_are_told_to_the_app_once_it_is_known() {
    let mut agent = agent();
    for (extra, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "unsupported_response_type"),
        (("response_mode", "web"), "invalid_request"),
        (("scope", "email"), "invalid_scope"),
        (("prompt", "none login"), "invalid_request"),
        (("prompt", "none"), "login_required"),
    ] {
        let location = Url::parse(&agent.get(&authorize(&[extra])).await.location()).unwrap();
        assert_eq!(parameter(&location, "error").as_deref(), Some(error), "{extra:?}");
        assert_eq!(parameter(&location, "state").as_deref(), Some("a b&c"));
    }
    let location = agent.get(&authorize(&[("response_type", "id_token"), ("nonce", "")])).await.location();
    assert!(location.starts_with(&format!("{CALLBACK}#error=invalid_request")), "{location}");
    for extra in [("redirect_uri", "https://evil.example/"), ("client_id", "")] {
        let page = agent.get(&authorize(&[extra])).await;
        assert_eq!((page.status.as_u16(), page.headers.get(header::LOCATION)), (400, None), "{extra:?}");
    }
}
