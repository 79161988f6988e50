//! What the API says of a person, and to whom.

use super::*;

#[tokio::test]
async fn the_user_has_every_attribute_and_nulls_where_nothing_is_said() {
    let mut agent = agent();
    let token = token(&mut agent, "1", "user:email").await;
    let answer = api(&mut agent, "/user", &token).await;
    let user = answer.json();
    let avatar = "http://localhost:4480/_upstreams/github/u/1?v=4";
    for (name, value) in [
        ("login", json!("ada")),
        ("id", json!(1)),
        ("node_id", json!("MDQ6VXNlcjE=")),
        ("avatar_url", json!(avatar)),
        ("gravatar_id", json!("")),
        ("events_url", json!("http://localhost:4480/_upstreams/github/users/ada/events{/privacy}")),
        ("type", json!("User")),
        ("name", json!("Ada Fake")),
        ("company", json!("acme")),
        ("blog", json!("")),
        ("location", Value::Null),
        ("email", json!("ada@people.example")),
        ("hireable", Value::Null),
        ("followers", json!(0)),
    ] {
        assert_eq!(user[name], value, "{name}");
    }
    assert_eq!((user.get("plan"), user.get("emails")), (None, None));
    assert_eq!(answer.headers["x-oauth-scopes"], "user:email");
    assert_eq!(answer.headers["x-accepted-oauth-scopes"], "");
    assert_eq!(answer.headers["x-ratelimit-limit"], "5000");
    assert!(answer.headers.contains_key("x-github-request-id"));
    assert_eq!(agent.get(avatar).await.headers[header::CONTENT_TYPE], "image/svg+xml");
}

#[tokio::test]
async fn scopes_decide_what_is_answered() {
    let mut agent = agent();
    let wide = token(&mut agent, "2", "user").await;
    let user = api(&mut agent, "/user", &wide).await.json();
    assert_eq!((&user["plan"]["name"], &user["disk_usage"]), (&json!("free"), &json!(0)));
    assert_eq!((&user["name"], &user["email"]), (&Value::Null, &Value::Null));
    let emails = api(&mut agent, "/user/emails", &wide).await;
    let expected = json!([
        { "email": "bo@work.example", "primary": false, "verified": true, "visibility": null },
        { "email": "bo@people.example", "primary": true, "verified": true, "visibility": "private" },
        { "email": "bo@old.example", "primary": false, "verified": false, "visibility": null }
    ]);
    assert_eq!(
        (emails.json(), &emails.headers["x-accepted-oauth-scopes"]),
        (expected, &"user, user:email".parse().unwrap())
    );
    assert_eq!(api(&mut agent, "/user/public_emails", &wide).await.json(), json!([]));
    assert_eq!(api(&mut agent, "/user/orgs", &wide).await.json(), json!([]));

    let narrow = token(&mut agent, "1", "read:user").await;
    assert!(api(&mut agent, "/user", &narrow).await.json().get("plan").is_some());
    let refused = api(&mut agent, "/user/emails", &narrow).await;
    assert_eq!((refused.status, &refused.json()["message"]), (StatusCode::NOT_FOUND, &json!("Not Found")));
    assert_eq!(refused.json()["status"], "404");
}

#[tokio::test]
async fn who_shows_no_good_token_or_no_name_is_turned_away() {
    let mut agent = agent();
    let bad = api(&mut agent, "/user", "gho_x").await;
    let expected =
        json!({ "message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401" });
    assert_eq!((bad.status, bad.json()), (StatusCode::UNAUTHORIZED, expected));
    let token = token(&mut agent, "1", "user").await;
    let nameless = agent.get_as(&format!("{BASE}/user"), &token).await;
    assert_eq!(nameless.status, StatusCode::FORBIDDEN);
    assert!(nameless.body.contains("Please make sure your request has a User-Agent header"));
    let in_query = Request::get(format!("{BASE}/user?access_token={token}")).header(header::USER_AGENT, "tests");
    let in_query = agent.send(in_query, String::new()).await;
    assert_eq!(
        (in_query.status, &in_query.json()["message"]),
        (StatusCode::UNAUTHORIZED, &json!("Requires authentication"))
    );
    assert_eq!(agent.get(&format!("{BASE}/nothing")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(agent.post(&format!("{BASE}/login/device/code"), &[]).await.status, StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn an_app_asks_about_its_token_and_gives_it_back() {
    let mut agent = agent();
    register(&agent, &[]);
    let token = token(&mut agent, "1", "user:email").await;
    let ask = |method: &str, path: &str, basic: &str| {
        Request::builder()
            .method(method)
            .uri(format!("{BASE}/applications/app/{path}"))
            .header(header::AUTHORIZATION, format!("Basic {basic}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "tests")
    };
    let (app, wrong) = ("YXBwOnM=", "YXBwOng=");
    let body = json!({ "access_token": token }).to_string();
    let checked = agent.send(ask("POST", "token", app), body.clone()).await.json();
    assert_eq!((&checked["user"]["login"], &checked["scopes"]), (&json!("ada"), &json!(["user:email"])));
    assert_eq!(checked["app"]["name"], "The App");
    assert_eq!(agent.send(ask("POST", "token", wrong), body.clone()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(agent.send(ask("POST", "token", app), "{}".into()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(agent.send(ask("DELETE", "token", app), body.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(agent.send(ask("POST", "token", app), body).await.status, StatusCode::NOT_FOUND);
    assert_eq!(api(&mut agent, "/user", &token).await.status, StatusCode::UNAUTHORIZED);

    let callback = agent.other_browser().sign_in(&authorize(&[]), "1", &[]).await;
    let token = redeem(&mut agent, &callback, &[]).await.json()["access_token"].as_str().unwrap().to_owned();
    let body = json!({ "access_token": token }).to_string();
    assert_eq!(agent.send(ask("DELETE", "grant", app), body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(api(&mut agent, "/user", &token).await.status, StatusCode::UNAUTHORIZED);
}
