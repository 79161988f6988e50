//! LinkedIn speaks its protocol: what apps and browsers see of it. Source: spec/upstreams.md §0 and §3.

mod api;
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
use crate::upstreams::clients::Client;
use crate::upstreams::provider::Provider;
use crate::upstreams::testing::AT;
use crate::upstreams::testing::Agent;
use crate::upstreams::testing::Answer;
use crate::upstreams::testing::parameter;

const BASE: &str = "/_upstreams/linkedin";
const CALLBACK: &str = "http://localhost:3000/login/callback";

/// With Lin, who said everything, and Moe, who has neither picture nor address.
fn agent() -> Agent {
    let agent = Agent::new();
    let positions = json!({ "values": [{ "company": { "name": "Acme" }, "title": "Smith", "isCurrent": true }] });
    let educations = json!({ "values": [{ "degree": "MSc", "schoolName": "Porto" }] });
    let lin = json!({
        "sub": "a1B2c3", "name": "Lin Fake", "email": "lin@people.example", "headline": "Smith at Acme",
        "positions": positions, "educations": educations, "locale": { "country": "PT", "language": "pt" }
    });
    agent.add(Provider::Linkedin, lin, None);
    let moe = json!({ "sub": "m1", "given_name": "Moe", "family_name": null, "email": null, "picture": null });
    agent.add(Provider::Linkedin, moe, None);
    agent
}

fn authorize(extra: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{AT}{BASE}/oauth/v2/authorization")).unwrap();
    let usual = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile email"),
        ("state", "a b&c"),
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
    form.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
    agent.post(&format!("{BASE}/oauth/v2/accessToken"), &form).await
}

/// A token of an account, with these scopes.
async fn token(agent: &mut Agent, account: &str, scope: &str) -> String {
    let callback = agent.other_browser().sign_in(&authorize(&[("scope", scope)]), account, &[]).await;
    redeem(agent, &callback, &[]).await.json()["access_token"].as_str().unwrap().to_owned()
}

#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str, description: &str) {
    assert_eq!(answer.json()["error"], error);
    let said = answer.json()["error_description"].as_str().unwrap().to_owned();
    assert!(said.starts_with(description), "{said}");
    assert_eq!(answer.status.as_u16(), status);
}

#[track_caller]
fn api_refused(answer: &Answer, status: u16, code: u32, message: &str) {
    assert_eq!(answer.json(), json!({ "message": message, "serviceErrorCode": code, "status": status }));
    assert_eq!(answer.status.as_u16(), status);
}
