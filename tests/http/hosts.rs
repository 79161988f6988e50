//! The hosts that a server answers to, over http and https, and the addresses that it tells.

use impostor::client::transport::{Transport, TransportOptions};
use impostor::harness::Impostor;
use reqwest::{Certificate, redirect};
use std::net::{Ipv4Addr, SocketAddr};

use crate::tenant::{Tenant, send, start};

const DISCOVERY: &str = "/.well-known/openid-configuration";

/// The tenant at another name or address of its machine.
fn named(tenant: &Tenant, scheme: &str, host: &str) -> Tenant {
    let port = tenant.authority().rsplit_once(':').unwrap().1;
    tenant.at(&format!("{scheme}://{host}:{port}/"))
}

/// A client that trusts the server's authorities alone and finds `names` at it.
fn trusting(impostor: &Impostor, names: &[&str]) -> reqwest::Client {
    let authorities = Certificate::from_pem_bundle(impostor.ca_pem().as_bytes()).unwrap();
    let builder = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy().tls_certs_only(authorities);
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    names.iter().fold(builder, |builder, name| builder.resolve(name, here)).build().unwrap()
}

#[tokio::test]
async fn a_foreign_host_is_misdirected_whatever_it_asks() {
    let (_impostor, tenant) = start().await;
    let port = tenant.authority().rsplit_once(':').unwrap().1.to_owned();
    for host in ["evil.example", "localhost.evil.example", "10.1.2.3", "auth0.com"] {
        for path in [DISCOVERY, "/_impostor/health", "/_impostor/tenants", "/api/v2/users", "/u/login"] {
            let reply = send(tenant.http.get(tenant.url(path)).header("host", format!("{host}:{port}"))).await;
            assert_eq!(reply.status, 421, "{host}{path}: {}", reply.body);
            assert!(!reply.body.contains(host), "{}", reply.body);
        }
    }
    let reply = send(tenant.http.get(tenant.url(DISCOVERY)).header("host", "a@localhost")).await;
    assert_eq!(reply.status, 400, "{}", reply.body);
}

#[tokio::test]
async fn the_issuer_follows_the_address_asked_at() {
    let (impostor, tenant) = start().await;
    let https = trusting(&impostor, &["acme.localhost", "localhost"]);
    for scheme in ["http", "https"] {
        for host in ["localhost", "127.0.0.1", "acme.localhost"] {
            let at = Tenant { http: https.clone(), ..named(&tenant, scheme, host) };
            let reply = at.get(DISCOVERY).await;
            let told = reply.json();
            assert_eq!(told["issuer"], at.issuer);
            assert_eq!(told["token_endpoint"], at.url("/oauth/token"));
            assert_eq!(reply.header("server"), "impostor");
        }
    }
}

#[tokio::test]
async fn forwarded_headers_change_nothing() {
    let (_impostor, tenant) = start().await;
    let request = tenant.http.get(tenant.url(DISCOVERY)).header("x-forwarded-host", "evil.example");
    let request = request.header("x-forwarded-proto", "https").header("forwarded", "host=evil.example;proto=https");
    assert_eq!(send(request).await.json()["issuer"], tenant.issuer);
}

#[tokio::test]
async fn people_sign_in_over_https_with_the_server_s_own_authority() {
    let (impostor, tenant) = start().await;
    let trusted = vec![impostor.ca_pem().into_bytes()];
    let transport = Transport::with(TransportOptions { trusted, localhost: None }).unwrap();
    let secure = Tenant { transport, ..tenant.at(&format!("{}/", impostor.secure_url())) };
    let mut app = secure.app("acme-spa");
    let mut browser = secure.browser();
    let (login, callback) = secure.sign_in_with(&mut browser, &mut app, &[]).await;
    let tokens = app.redeem(&login, &callback).await.unwrap();
    let id_token = app.verify_id_token(&tokens.id_token.unwrap(), Some(&login)).await.unwrap();
    assert_eq!(id_token.claims["iss"], secure.issuer);

    let stranger = tenant.at(&secure.issuer).http.get(secure.url(DISCOVERY)).send().await;
    assert!(stranger.unwrap_err().is_connect(), "who does not trust the authority gets no connection");
}

#[tokio::test]
async fn a_token_of_one_address_is_good_at_the_others() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin_token("").await;
    let tokens = tenant.tokens("acme-spa", "openid email").await;
    for host in ["127.0.0.1", "acme.localhost", "impostor"] {
        let elsewhere =
            |path: &str| tenant.http.get(tenant.url(path)).header("host", named(&tenant, "http", host).authority());
        let users = send(elsewhere("/api/v2/users").bearer_auth(&admin)).await;
        assert_eq!(users.status, 200, "{host}: {}", users.body);
        let person = send(elsewhere("/userinfo").bearer_auth(&tokens.access_token)).await;
        assert_eq!(person.json()["email"], "alice@acme.example", "{host}");
    }
}

#[tokio::test]
async fn a_fake_answers_to_its_provider_s_real_name() {
    let (impostor, tenant) = start().await;
    let reply = send(tenant.http.get(tenant.url(DISCOVERY)).header("host", "accounts.google.com")).await;
    assert!(reply.json()["issuer"].as_str().unwrap().ends_with("://accounts.google.com"), "{}", reply.body);

    let http = trusting(&impostor, &["accounts.google.com", "graph.facebook.com"]);
    let google = Tenant { http: http.clone(), ..named(&tenant, "https", "accounts.google.com") };
    let told = google.get(DISCOVERY).await.json();
    assert!(told["issuer"].as_str().unwrap().starts_with("https://accounts.google.com"), "{told}");
    assert!(told["userinfo_endpoint"].as_str().unwrap().starts_with("https://openidconnect.googleapis.com"), "{told}");
    // Nothing of the tenant is there.
    assert_eq!(google.get("/api/v2/users").await.status, 404);

    let facebook = Tenant { http, ..named(&tenant, "https", "graph.facebook.com") };
    let reply = facebook.get("/v19.0/me").await;
    assert_eq!(reply.json()["error"]["type"], "OAuthException", "{}", reply.body);
}
