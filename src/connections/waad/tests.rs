//! Entra ID as a relying party meets it: what is asked for, what is believed. Source: spec/upstreams.md §4 and §10.

use super::*;
use crate::connections::testing::NOW;
use crate::connections::testing::Party;
use crate::connections::testing::Provider;
use crate::connections::testing::request;
use crate::keys::signing_key::Algorithm;
use crate::keys::verify::TokenError;
use serde_json::json;

const TENANT: &str = "11111111-2222-3333-4444-555555555555";
const OID: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

/// One that tells `issuer` (below its own address) where `path` begins.
async fn provider(path: &str, issuer: &str) -> Provider {
    let provider = Provider::silent().await;
    let document = json!({
        "issuer": provider.at(issuer),
        "authorization_endpoint": provider.at("/authorize"),
        "token_endpoint": provider.at("/token"),
        "jwks_uri": provider.at("/keys"),
    });
    provider.says("GET", &format!("{path}{}", openid::WELL_KNOWN), 200, &document.to_string()).await;
    provider.says("GET", "/keys", 200, &json!({ "keys": [provider.key.jwk(true)] }).to_string()).await;
    provider
}

async fn fabrikam() -> Provider {
    provider("/fabrikam.example/v2.0", &format!("/{TENANT}/v2.0")).await
}

fn party(provider: &Provider, options: Value) -> Party {
    let mut all = json!({ "client_id": "me", "client_secret": "s", "tenant_domain": "fabrikam.example" });
    all.as_object_mut().unwrap().extend(options.as_object().cloned().unwrap());
    Party::new("waad", &provider.server.uri(), all)
}

async fn arrive(provider: &Provider, options: Value, spoil: impl Fn(&mut Value)) -> Result<Returned, ConnectionError> {
    let party = party(provider, options);
    let visit = party.depart(&request()).await.unwrap().visit;
    let mut claims = json!({
        "iss": provider.at(&format!("/{TENANT}/v2.0")), "aud": "me", "sub": "s1", "oid": OID, "tid": TENANT,
        "nonce": visit.nonce, "iat": NOW, "exp": NOW + 3600, "name": "Bo Fake"
    });
    spoil(&mut claims);
    let id_token = provider.key.sign(Algorithm::Rs256, "JWT", &claims).unwrap();
    let answer = json!({ "access_token": "at", "expires_in": 3599, "refresh_token": "rt", "id_token": id_token });
    provider.says("POST", "/token", 200, &answer.to_string()).await;
    provider.says("GET", "/v1.0/me", 200, &json!({ "id": OID, "displayName": "Bo Fake" }).to_string()).await;
    party.arrive(&visit, &[("code", "c"), ("session_state", "s")]).await
}

fn page(names: &[&str], next: Option<&str>) -> String {
    let kind = |name: &str| if name == "Admins" { "#microsoft.graph.directoryRole" } else { "#microsoft.graph.group" };
    let groups: Vec<_> =
        names.iter().map(|name| json!({ "@odata.type": kind(name), "id": name, "displayName": name })).collect();
    json!({ "value": groups, "@odata.nextLink": next }).to_string()
}

#[tokio::test]
async fn a_departure_goes_to_the_directory_and_says_what_it_wants() {
    let provider = fabrikam().await;
    let mut asked = request();
    asked.login_hint = Some("bo@fabrikam.example".into());
    for (options, scope) in [
        (json!({ "basic_profile": true }), "openid profile email User.Read"),
        (json!({ "ext_groups": true }), "openid profile email User.Read Directory.Read.All"),
        (
            json!({ "ext_refresh_token": true, "scope": ["openid", "Mail.Read"] }),
            "openid profile email User.Read offline_access Mail.Read",
        ),
    ] {
        let sent = party(&provider, options).sent(&asked).await;
        assert_eq!((sent["scope"].as_str(), sent["login_hint"].as_str()), (scope, "bo@fabrikam.example"));
        assert_eq!((sent["client_id"].as_str(), sent["response_type"].as_str()), ("me", "code"));
        assert!(!sent.contains_key("resource") && sent.contains_key("nonce"));
    }
    let upstream = json!({ "upstream_params": { "domain_hint": { "value": "fabrikam" } } });
    assert_eq!(party(&provider, upstream).sent(&asked).await["domain_hint"], "fabrikam");
}

#[tokio::test]
async fn the_first_age_is_asked_by_its_own_paths_and_for_a_resource() {
    let provider = provider("/fabrikam.example", &format!("/{TENANT}/")).await;
    let options = json!({ "identity_api": "azure-active-directory-v1.0" });
    let sent = party(&provider, options.clone()).sent(&request()).await;
    assert_eq!((sent.get("scope"), sent["resource"].as_str()), (None, "https://graph.microsoft.com"));
    let issuer = provider.at(&format!("/{TENANT}/"));
    let returned = arrive(&provider, options, |claims| claims["iss"] = issuer.as_str().into()).await.unwrap();
    assert_eq!(returned.raw.0["oid"], OID);
}

#[tokio::test]
async fn the_options_choose_the_directory() {
    for (options, path) in [
        (json!({ "waad_common_endpoint": true }), "/common/v2.0"),
        (json!({ "useCommonEndpoint": true }), "/common/v2.0"),
        (json!({ "tenant_domain": "" }), "/organizations/v2.0"),
        (json!({ "tenant_domain": TENANT }), &*format!("/{TENANT}/v2.0")),
    ] {
        let provider = provider(path, "/{tenantid}/v2.0").await;
        assert!(party(&provider, options).depart(&request()).await.is_ok(), "{path}");
    }
    let provider = fabrikam().await;
    for (options, expected) in [
        (
            json!({ "tenant_domain": "a/../b" }),
            r#"use the connection: tenant_domain "a/../b" is no name of a directory"#,
        ),
        (
            json!({ "waad_protocol": "ws-federation" }),
            "use the connection: Entra ID by WS-Federation is not built yet, only by OpenID Connect",
        ),
        (
            json!({ "use_wsfed": true }),
            "use the connection: Entra ID by WS-Federation is not built yet, only by OpenID Connect",
        ),
    ] {
        let error = party(&provider, options).depart(&request()).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn who_comes_back_brings_claims_profile_and_tokens() {
    let provider = fabrikam().await;
    let returned = arrive(&provider, json!({}), |_| {}).await.unwrap();
    assert_eq!(returned.raw.0["graph"], json!({ "id": OID, "displayName": "Bo Fake" }));
    assert_eq!((&returned.raw.0["name"], returned.raw.0.get("memberOf")), (&json!("Bo Fake"), None));
    assert_eq!(returned.tokens.refresh_token.as_deref(), Some("rt"));
    assert_eq!(provider.authorizations("/v1.0/me").await, ["Bearer at"]);
}

#[tokio::test]
async fn a_token_that_says_anything_else_is_not_believed() {
    let doubt_at = async |claim: &str, value: Value| {
        let provider = fabrikam().await;
        match arrive(&provider, json!({}), |claims| claims[claim] = value.clone()).await {
            Err(ConnectionError::IdToken(doubt)) => doubt,
            other => panic!("{claim}: {other:?}"),
        }
    };
    let wrong = Doubt::Token(TokenError::WrongIssuer);
    assert_eq!(doubt_at("iss", json!("https://login.microsoftonline.com/other/v2.0")).await, wrong);
    assert_eq!(doubt_at("aud", json!("other")).await, Doubt::Token(TokenError::WrongAudience));
    assert_eq!(doubt_at("nonce", json!("other")).await, Doubt::Nonce);
    assert_eq!(doubt_at("exp", json!(NOW - 61)).await, Doubt::Token(TokenError::Expired));
}

#[tokio::test]
async fn an_endpoint_for_several_directories_takes_the_issuer_of_the_persons_own() {
    let several = || provider("/common/v2.0", "/{tenantid}/v2.0");
    let options = json!({ "waad_common_endpoint": true });
    assert!(arrive(&several().await, options.clone(), |_| {}).await.is_ok());
    for (spoiled, expected) in [
        (json!({ "tid": "99999999-2222-3333-4444-555555555555" }), Doubt::Token(TokenError::WrongIssuer)),
        (json!({ "tid": "../x" }), Doubt::Missing("tid")),
        (json!({ "tid": null }), Doubt::Missing("tid")),
    ] {
        let spoil = |claims: &mut Value| claims["tid"] = spoiled["tid"].clone();
        match arrive(&several().await, options.clone(), spoil).await {
            Err(ConnectionError::IdToken(doubt)) => assert_eq!(doubt, expected),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_profile_of_somebody_else_is_nobodys() {
    let provider = fabrikam().await;
    let other = json!({ "id": OID.replace('a', "b") }).to_string();
    provider.says("GET", "/v1.0/me", 200, &other).await;
    let error = arrive(&provider, json!({}), |_| {}).await.unwrap_err();
    let expected = "obtain user profile: the profile is not of the person whom the ID token names";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn groups_are_read_page_by_page_as_many_as_are_wanted() {
    for (options, expected) in [
        (json!({}), json!(["A", "B", "C"])),
        (json!({ "max_groups_to_retrieve": "2" }), json!(["A", "B"])),
        (json!({ "max_groups_to_retrieve": "0" }), json!([])),
    ] {
        let provider = fabrikam().await;
        let next = provider.at("/v1.0/me/memberOf?$skiptoken=1");
        provider.says_once("GET", "/v1.0/me/memberOf", &page(&["A", "Admins", "B"], Some(&next))).await;
        provider.says("GET", "/v1.0/me/memberOf", 200, &page(&["C"], None)).await;
        let mut all = json!({ "ext_groups": true });
        all.as_object_mut().unwrap().extend(options.as_object().cloned().unwrap());
        let returned = arrive(&provider, all, |_| {}).await.unwrap();
        let names: Value = returned.raw.0["memberOf"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn nested_groups_are_asked_for_elsewhere() {
    let provider = fabrikam().await;
    provider.says("GET", "/v1.0/me/transitiveMemberOf", 200, &page(&["A"], None)).await;
    let options = json!({ "ext_groups": true, "ext_nested_groups": true });
    let returned = arrive(&provider, options, |_| {}).await.unwrap();
    assert_eq!(returned.raw.0["memberOf"][0]["displayName"], "A");
}

#[tokio::test]
async fn groups_that_cannot_be_read_bring_nobody() {
    let denied = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}"#;
    let elsewhere = page(&["A"], Some("http://elsewhere.example/v1.0/me/memberOf"));
    for (status, body, expected) in [
        (403, denied, "obtain user profile: groups API: Insufficient privileges to complete the operation."),
        (200, &*elsewhere, "read the answer of the provider's groups API"),
        (200, "{}", "read the answer of the provider's groups API"),
    ] {
        let provider = fabrikam().await;
        provider.says("GET", "/v1.0/me/memberOf", status, body).await;
        let error = arrive(&provider, json!({ "ext_groups": true }), |_| {}).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
