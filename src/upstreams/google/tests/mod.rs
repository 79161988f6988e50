//! Google speaks its protocol: what apps and browsers see of it. Source: spec/upstreams.md §0 and §1.

mod pages;
mod tokens;

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::keys::signing_key::Algorithm;
use crate::keys::verify::Jws;
use crate::keys::verify::VerifyingKey;
use crate::protocols::oauth::embedded_client;
use crate::upstreams::clients::Client;
use crate::upstreams::provider::Provider;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;
use crate::upstreams::testing::parameter;

const BASE: &str = "/_upstreams/google";
const CALLBACK: &str = "http://localhost:3000/login/callback";
const CALENDAR: &str = "https://www.googleapis.com/auth/calendar";

/// With Ada (`sub` 1089) and Bo, who is of a Workspace domain.
fn agent() -> Agent {
    let agent = Agent::new();
    let ada = json!({ "sub": "1089", "name": "Ada Fake", "email": "ada@people.example", "locale": "en" });
    agent.add(Provider::Google, ada, None);
    let bo = json!({ "sub": "1090", "name": "Bo Lind", "email": "bo@work.example", "hd": "work.example" });
    agent.add(Provider::Google, bo, Some(&[]));
    agent
}

fn authorize(extra: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{AT}{BASE}/o/oauth2/v2/auth")).unwrap();
    let usual = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email profile"),
        ("state", "a b&c"),
        ("nonce", "n1"),
    ];
    let replaced = |name: &str| extra.iter().any(|(known, _)| *known == name);
    url.query_pairs_mut().extend_pairs(usual.iter().filter(|(name, _)| !replaced(name)));
    url.query_pairs_mut().extend_pairs(extra.iter().filter(|(_, value)| !value.is_empty()));
    url.into()
}

async fn redeem(agent: &mut Agent, callback: &Url, extra: &[(&str, &str)]) -> Answer {
    let code = parameter(callback, "code").unwrap();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("client_id", "app"),
        ("client_secret", "s"),
    ];
    form.retain(|(name, _)| !extra.iter().any(|(known, _)| known == name));
    form.extend(extra);
    agent.post(&format!("{BASE}/token"), &form).await
}

#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str, description: &str) {
    assert_eq!(answer.json(), json!({ "error": error, "error_description": description }));
    assert_eq!(answer.status.as_u16(), status);
}

fn flow(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("name=\"flow\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}
