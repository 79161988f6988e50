//! `/login/callback`, as browsers and upstreams meet it.

use axum::extract::FromRequestParts as _;
use axum::http::Request as HttpRequest;

use super::*;
use crate::authentication::testing::Answer;
use crate::authentication::testing::Browser;
use crate::authentication::testing::Host;
use crate::authentication::testing::parameter;

/// A login whose person is at Google, with `state` sent there.
async fn away(host: &Host, browser: &mut Browser<'_>) -> String {
    let answer = browser.get("/authorize?client_id=web&response_type=code&state=s").await;
    let handle = parameter(answer.header("location"), "state").unwrap();
    let put: Result<(), AuthorizeError> = host
        .tenant
        .write(|tx| {
            let mut transaction = transaction::again(tx, &handle.as_str().into())?;
            let visit = UpstreamVisit {
                connection: "google-oauth2".to_owned(),
                state: "sent".to_owned(),
                nonce: String::new(),
                code_verifier: None,
                redirect_uri: String::new(),
                base: "http://localhost:4480/_upstreams/google".to_owned(),
                issuer: None,
            };
            tx.visits.put(digest::sha256(b"sent"), transaction.id.clone());
            transaction.stage = Stage::Upstream(visit);
            tx.transactions.put(transaction.id.clone(), transaction);
            Ok(())
        })
        .await;
    put.unwrap();
    handle
}

fn error(answer: &Answer) -> Option<(String, String)> {
    let location = answer.headers.get("location")?.to_str().unwrap();
    Some((parameter(location, "error")?, parameter(location, "error_description")?))
}

#[tokio::test]
async fn who_turned_back_is_told_to_the_app_once() {
    let host = Host::new();
    let mut browser = Browser::new(&host);
    away(&host, &mut browser).await;
    let callback = "/login/callback?state=sent&error=access_denied&error_description=no";
    let answer = browser.get(callback).await;
    assert_eq!(error(&answer), Some(("access_denied".to_owned(), "no".to_owned())));
    assert_eq!(parameter(answer.header("location"), "state").as_deref(), Some("s"));
    assert_eq!(browser.get(callback).await.status, 400);
    let state = host.tenant.read();
    assert_eq!((state.transactions.len(), state.visits.len(), state.sessions.len()), (0, 0, 0));
}

#[tokio::test]
async fn a_state_that_was_not_sent_by_this_browser_is_worth_nothing() {
    let host = Host::new();
    let mut browser = Browser::new(&host);
    away(&host, &mut browser).await;
    for foreign in ["/login/callback", "/login/callback?state=other&code=c", "/login/callback?state=sent&code=c"] {
        assert_eq!(host.get(foreign).await.status, 400, "{foreign}");
    }
    assert_eq!(host.tenant.read().visits.len(), 1, "the visit is still good for its browser");
    assert_eq!(browser.get("/login/callback?state=sent&state=sent").await.status, 400);
    assert_eq!(browser.get("/login/callback?SAMLResponse=x").await.status, 400);
    assert_eq!(browser.get("/login/callback?wresult=x").await.status, 400);
    assert_eq!(browser.get("/login/callback?wresult=x&state=sent").await.status, 400, "its state is its wctx");
}

#[tokio::test]
async fn a_post_without_cookies_is_posted_once_more_by_a_page_of_ours() {
    let host = Host::new();
    let fields = [("state", "sent"), ("error", "<x>")];
    let page = host.post_form("/login/callback", &fields).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains(r#"action="/login/callback?again=1""#), "{}", page.text());
    assert!(page.text().contains(r#"name="error" value="&#60;x&#62;""#));
    assert_eq!(host.post_form("/login/callback?again=1", &fields).await.status, 400);
    let answer = host.post_form("/login/callback?again=1&connection=google-oauth2", &[("SAMLResponse", "x")]).await;
    assert!(answer.text().contains("the connection is not enabled"), "it is none of SAML: {}", answer.text());
}

#[tokio::test]
async fn who_returns_from_an_upstream_becomes_a_user_with_a_session() {
    let host = Host::new();
    let mut browser = Browser::new(&host);
    let handle = away(&host, &mut browser).await;
    let (mut parts, ()) = HttpRequest::get("/").body(()).unwrap().into_parts();
    parts.extensions.insert(Address::new(false, "localhost:4480"));
    parts.extensions.insert(crate::keys::Keyring::in_memory());
    let (peer, local) = ("127.0.0.1:1".parse().unwrap(), "127.0.0.1:4480".parse().unwrap());
    parts.extensions.insert(crate::http::connection::Connection { secure: false, peer, local });
    let visitor = Visitor::from_request_parts(&mut parts, &()).await.unwrap();
    let state = host.tenant.read();
    let transaction = state.transactions.get(handle.as_str()).unwrap();
    let raw = serde_json::json!({ "sub": "42", "name": "Bo", "email": "bo@people.example", "email_verified": true });
    let raw = crate::domain::profile::RawProfile(raw.as_object().cloned().unwrap());
    let returned = strategies::Returned::new(raw, crate::domain::profile::ProviderTokens::default());
    let connection = state.connection_named("google-oauth2").unwrap();
    let proof = Proof::Returned(returned);
    let answer = arrival::sign_in(&host.tenant, &visitor, transaction, connection, proof).await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().starts_with("/authorize/resume?state="));
    assert!(answer.headers()["set-cookie"].to_str().unwrap().starts_with("auth0="));
    let user = host.tenant.read().users.get("google-oauth2|42").cloned().unwrap();
    assert_eq!((user.logins_count, user.email.as_deref()), (Some(1), Some("bo@people.example")));
    assert_eq!(host.tenant.read().sessions.len(), 1);
}
