//! What Graph and Live say of a person, and to whom.

use super::*;

#[track_caller]
fn graph_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.json()["error"]["code"], code, "{}", answer.body);
    assert!(answer.json()["error"]["innerError"]["request-id"].is_string());
    assert_eq!(answer.status.as_u16(), status);
}

#[tokio::test]
async fn me_has_every_attribute_and_nulls_where_nothing_is_said() {
    let mut agent = agent();
    let bob = token(&mut agent, BOB, "https://graph.microsoft.com/User.Read").await;
    let me = agent.get_as(&format!("{BASE}/v1.0/me"), &bob).await.json();
    let expected = json!({
        "@odata.context": "http://localhost:4480/_upstreams/microsoft/v1.0/$metadata#users/$entity",
        "userPrincipalName": "bob@people.example", "id": BOB, "displayName": "Bob Doe", "surname": "Doe",
        "givenName": "Bob", "preferredLanguage": "en-US", "mail": "bob@mail.example", "mobilePhone": null,
        "jobTitle": null, "officeLocation": null, "businessPhones": []
    });
    assert_eq!(me, expected);
    let pia = token(&mut agent, "p1", "User.Read").await;
    let me = agent.get_as(&format!("{BASE}/v1.0/me"), &pia).await.json();
    assert_eq!((&me["userPrincipalName"], &me["mail"], &me["givenName"]), (&Value::Null, &Value::Null, &json!("Pia")));
    let photo = agent.get_as(&format!("{BASE}/v1.0/me/photo/$value"), &pia).await;
    graph_refused(&photo, 404, "ImageNotFound");
}

#[tokio::test]
async fn scopes_decide_what_is_answered() {
    let mut agent = agent();
    let openid = token(&mut agent, BOB, "openid profile email").await;
    graph_refused(&agent.get_as(&format!("{BASE}/v1.0/me"), &openid).await, 403, "Authorization_RequestDenied");
    let person = agent.get_as(&format!("{BASE}/oidc/userinfo"), &openid).await.json();
    let sub = person["sub"].clone();
    let expected = json!({
        "sub": sub, "name": "Bob Doe", "given_name": "Bob", "family_name": "Doe",
        "picture": "http://localhost:4480/_upstreams/microsoft/v1.0/me/photo/$value", "email": "bob@mail.example"
    });
    assert_eq!(person, expected);
    let graph = token(&mut agent, BOB, "User.Read").await;
    graph_refused(&agent.get_as(&format!("{BASE}/oidc/userinfo"), &graph).await, 403, "Authorization_RequestDenied");
    for url in [format!("{BASE}/v1.0/me"), format!("{BASE}/v5.0/me")] {
        graph_refused(&agent.get(&url).await, 401, "InvalidAuthenticationToken");
        graph_refused(&agent.get_as(&url, "EwBx").await, 401, "InvalidAuthenticationToken");
    }
    agent.clock.advance(Duration::from_hours(1));
    let expired = agent.get_as(&format!("{BASE}/v1.0/me"), &graph).await;
    assert_eq!(expired.json()["error"]["message"], "Lifetime validation failed, the token is expired.");
    graph_refused(&agent.get(&format!("{BASE}/v1.0/nothing")).await, 400, "BadRequest");
}

#[tokio::test]
async fn the_live_service_words_the_same_person_otherwise() {
    let mut agent = agent();
    let page = authorize_at("/oauth20_authorize.srf", &[("scope", "wl.signin wl.basic wl.emails")]);
    let callback = agent.sign_in(&page, BOB, &[]).await;
    let tokens = redeem_at(&mut agent, "/oauth20_token.srf", &callback, &[]).await.json();
    assert_eq!(tokens.get("id_token"), None);
    let me = agent.get_as(&format!("{BASE}/v5.0/me"), tokens["access_token"].as_str().unwrap()).await.json();
    let told = [&me["id"], &me["name"], &me["first_name"], &me["locale"], &me["emails"]["account"]];
    assert_eq!(told, ["0123456789abcdef", "Bob Doe", "Bob", "en_US", "bob@people.example"]);
    assert_eq!(me["emails"]["preferred"], "bob@mail.example");
}

#[tokio::test]
async fn people_sign_in_by_either_address() {
    for typed in ["BOB@mail.example", "bob@people.example"] {
        let mut agent = agent();
        let page = agent.get(&authorize(&[("login_hint", typed)])).await;
        assert!(page.body.find(BOB).unwrap() < page.body.find("p1\"").unwrap());
        let (_, rest) = page.body.split_once("name=\"flow\" value=\"").unwrap();
        let flow = rest.split('"').next().unwrap().to_owned();
        let next = agent.post(&format!("{BASE}/signin/chooser"), &[("flow", &flow), ("identifier", typed)]).await;
        assert!(next.location().contains("/signin/consent"), "{typed}");
    }
}
