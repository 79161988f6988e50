//! Facebook speaks its protocol: what apps and browsers see of it. Source: spec/upstreams.md §0 and §2.

mod apps;
mod graph;

use std::time::Duration;

use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::keys::digest;
use crate::upstreams::clients::Client;
use crate::upstreams::provider::Provider;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;
use crate::upstreams::testing::parameter;

const BASE: &str = "/_upstreams/facebook";
const CALLBACK: &str = "http://localhost:3000/login/callback";

/// With Ana, who gives everything, and Bo, who keeps his address private.
fn agent() -> Agent {
    let agent = Agent::new();
    let ana = json!({
        "id": "1015801", "name": "Ana Ruiz", "email": "ana@people.example", "birthday": "03/04/1990",
        "religion": "none", "work": [{ "employer": { "id": "1", "name": "ACME" } }], "nick": "anita"
    });
    agent.add(Provider::Facebook, ana, None);
    agent.add(Provider::Facebook, json!({ "id": "1015802", "name": "Bo Lind" }), Some(&["public_profile"]));
    agent
}

fn dialog(extra: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{AT}{BASE}/v19.0/dialog/oauth")).unwrap();
    let usual =
        [("client_id", "77"), ("redirect_uri", CALLBACK), ("scope", "email,public_profile"), ("state", "a b&c")];
    let replaced = |name: &str| extra.iter().any(|(known, _)| *known == name);
    url.query_pairs_mut().extend_pairs(usual.iter().filter(|(name, _)| !replaced(name)));
    url.query_pairs_mut().extend_pairs(extra.iter().filter(|(_, value)| !value.is_empty()));
    url.into()
}

async fn redeem(agent: &mut Agent, callback: &Url, extra: &[(&str, &str)]) -> Answer {
    let code = parameter(callback, "code").unwrap();
    let mut form =
        vec![("code", code.as_str()), ("redirect_uri", CALLBACK), ("client_id", "77"), ("client_secret", "s")];
    form.retain(|(name, _)| !extra.iter().any(|(known, _)| known == name));
    form.extend(extra);
    agent.post(&format!("{BASE}/v19.0/oauth/access_token"), &form).await
}

async fn token(agent: &mut Agent, account: &str, extra: &[(&str, &str)], untick: &[&str]) -> String {
    let callback = agent.sign_in(&dialog(extra), account, untick).await;
    let answer = redeem(agent, &callback, &[]).await;
    answer.json()["access_token"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

async fn me(agent: &mut Agent, token: &str, fields: &str) -> Answer {
    agent.get(&format!("{BASE}/v19.0/me?fields={fields}&access_token={token}")).await
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: u32, subcode: Option<u32>, message: &str) {
    let body = answer.json();
    let error = &body["error"];
    assert_eq!((&error["code"], error["message"].as_str()), (&json!(code), Some(message)), "{body}");
    assert_eq!(error.get("error_subcode").cloned(), subcode.map(Value::from));
    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(error["fbtrace_id"].as_str().map(str::len), Some(23));
    let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.starts_with("OAuth \"Facebook Platform\" \""), "{challenge}");
}
