//! Microsoft speaks its protocol: what apps and browsers see of it. Source: spec/upstreams.md §0 and §4.

mod graph;
mod groups;
mod organization;
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

const BASE: &str = "/_upstreams/microsoft";
const CALLBACK: &str = "http://localhost:3000/login/callback";
const BOB: &str = "0123456789abcdef";

/// With Bob, who has a mailbox, and Pia, who has no address.
fn agent() -> Agent {
    let agent = Agent::new();
    let bob = json!({
        "id": BOB, "displayName": "Bob Doe", "userPrincipalName": "bob@people.example", "mail": "bob@mail.example",
        "preferredLanguage": "en-US"
    });
    agent.add(Provider::Microsoft, bob, None);
    let pia = json!({ "id": "p1", "displayName": "Pia", "userPrincipalName": null });
    agent.add(Provider::Microsoft, pia, None);
    agent
}

fn authorize_at(path: &str, extra: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{AT}{BASE}{path}")).unwrap();
    let usual = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile email User.Read"),
        ("state", "a b&c"),
    ];
    let replaced = |name: &str| extra.iter().any(|(known, _)| *known == name);
    url.query_pairs_mut().extend_pairs(usual.iter().filter(|(name, _)| !replaced(name)));
    url.query_pairs_mut().extend_pairs(extra.iter().filter(|(_, value)| !value.is_empty()));
    url.into()
}

fn authorize(extra: &[(&str, &str)]) -> String {
    authorize_at("/common/oauth2/v2.0/authorize", extra)
}

async fn redeem_at(agent: &mut Agent, path: &str, callback: &Url, extra: &[(&str, &str)]) -> Answer {
    let code = parameter(callback, "code").unwrap_or_default();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("client_id", "app"),
        ("client_secret", "s"),
    ];
    form.retain(|(name, _)| !extra.iter().any(|(known, _)| known == name));
    form.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
    agent.post(&format!("{BASE}{path}"), &form).await
}

async fn redeem(agent: &mut Agent, callback: &Url, extra: &[(&str, &str)]) -> Answer {
    redeem_at(agent, "/common/oauth2/v2.0/token", callback, extra).await
}

/// A token of an account, with these scopes.
async fn token(agent: &mut Agent, account: &str, scope: &str) -> String {
    let callback = agent.other_browser().sign_in(&authorize(&[("scope", scope)]), account, &[]).await;
    redeem(agent, &callback, &[]).await.json()["access_token"].as_str().unwrap().to_owned()
}

#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str, number: u32) {
    let body = answer.json();
    assert_eq!((&body["error"], &body["error_codes"]), (&json!(error), &json!([number])), "{body}");
    assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{number}: ")));
    assert!(body["error_description"].as_str().unwrap().contains("\r\nTrace ID: "));
    assert_eq!(answer.status.as_u16(), status);
}
