//! GitHub speaks its protocol: what apps and browsers see of it. Source: spec/upstreams.md §0 and §6.

mod api;
mod tokens;

use std::time::Duration;

use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::upstreams::clients::Client;
use crate::upstreams::provider::Provider;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;
use crate::upstreams::testing::parameter;

const BASE: &str = "/_upstreams/github";
const CALLBACK: &str = "http://localhost:3000/login/callback";

/// With Ada (id 1), who shows her address, and Bo (id 2), who hides three.
fn agent() -> Agent {
    let agent = Agent::new();
    let ada = json!({ "id": 1, "login": "ada", "name": "Ada Fake", "email": "ada@people.example", "company": "acme" });
    agent.add(Provider::Github, ada, None);
    let emails = json!([
        { "email": "bo@work.example" },
        { "email": "bo@people.example", "primary": true },
        { "email": "bo@old.example", "verified": false }
    ]);
    agent.add(Provider::Github, json!({ "id": "2", "login": "bo", "name": null, "emails": emails }), None);
    agent
}

fn authorize(extra: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{AT}{BASE}/login/oauth/authorize")).unwrap();
    let usual = [("client_id", "app"), ("redirect_uri", CALLBACK), ("scope", "user:email"), ("state", "a b&c")];
    let replaced = |name: &str| extra.iter().any(|(known, _)| *known == name);
    url.query_pairs_mut().extend_pairs(usual.iter().filter(|(name, _)| !replaced(name)));
    url.query_pairs_mut().extend_pairs(extra.iter().filter(|(_, value)| !value.is_empty()));
    url.into()
}

async fn redeem_as(agent: &mut Agent, accept: &str, callback: &Url, extra: &[(&str, &str)]) -> Answer {
    let code = parameter(callback, "code").unwrap();
    let mut form = vec![("code", code.as_str()), ("client_id", "app"), ("client_secret", "s")];
    form.retain(|(name, _)| !extra.iter().any(|(known, _)| known == name));
    form.extend(extra);
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post(format!("{BASE}/login/oauth/access_token"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, accept);
    agent.send(request, body).await
}

async fn redeem(agent: &mut Agent, callback: &Url, extra: &[(&str, &str)]) -> Answer {
    redeem_as(agent, "application/json", callback, extra).await
}

/// A token of an account, with these scopes.
async fn token(agent: &mut Agent, account: &str, scope: &str) -> String {
    let callback = agent.other_browser().sign_in(&authorize(&[("scope", scope)]), account, &[]).await;
    redeem(agent, &callback, &[]).await.json()["access_token"].as_str().unwrap().to_owned()
}

async fn api(agent: &mut Agent, path: &str, token: &str) -> Answer {
    let request = Request::get(format!("{BASE}{path}"))
        .header(header::AUTHORIZATION, format!("token {token}"))
        .header(header::USER_AGENT, "tests");
    agent.send(request, String::new()).await
}

/// An error of the token endpoint, which is a 200.
#[track_caller]
fn refused(answer: &Answer, error: &str) {
    assert_eq!((answer.status, answer.json()["error"].as_str()), (StatusCode::OK, Some(error)));
    assert!(answer.json()["error_uri"].as_str().unwrap().starts_with("https://docs.github.com/"));
}

fn register(agent: &Agent, redirect_uris: &[&str]) {
    let redirect_uris = redirect_uris.iter().map(ToString::to_string).collect();
    let client = Client { id: "app".into(), secret: Some("s".into()), name: Some("The App".into()), redirect_uris };
    let put: Result<(), ()> = agent.upstreams.write(|draft| {
        draft.of_mut(Provider::Github).put_client(client);
        Ok(())
    });
    put.unwrap();
}
