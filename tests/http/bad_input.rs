//! What nobody should send: each gets an answer in the protocol's words, below 500, and echoes nothing as markup.

use crate::tenant::{Reply, Tenant, callback, owned, page, send, start};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Markup that must not come back as markup, and how an address carries it.
const MARKUP: &str = r#""><script>alert(1)</script>"#;
const ENCODED: &str = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";

/// A refusal of the client's, with nothing of its markup in a page.
#[track_caller]
fn check_refused(what: &str, reply: &Reply) {
    assert!((400..500).contains(&reply.status), "{what}: {} {}", reply.status, reply.body);
    check_unechoed(what, reply);
}

#[track_caller]
fn check_unechoed(what: &str, reply: &Reply) {
    assert!(reply.status < 500, "{what}: {} {}", reply.status, reply.body);
    let is_json = reply.header("content-type").starts_with(JSON);
    assert!(is_json || !reply.body.contains("<script>alert"), "{what}: {}", reply.body);
    assert!(!reply.header("location").contains("evil.example"), "{what}: {}", reply.header("location"));
}

async fn get_with_cookie(tenant: &Tenant, path: &str, cookie: &[u8]) -> Reply {
    let cookie = reqwest::header::HeaderValue::from_bytes(cookie).unwrap();
    send(tenant.http.get(tenant.url(path)).header("cookie", cookie)).await
}

#[tokio::test]
async fn a_broken_or_empty_body_is_the_sender_s_mistake() {
    let (_impostor, tenant) = start().await;
    let paths = [
        "/oauth/token",
        "/oauth/revoke",
        "/dbconnections/signup",
        "/u/login",
        "/u/signup",
        "/u/consent",
        "/api/v2/users",
        "/_impostor/people",
        "/_upstreams/google/token",
        "/_upstreams/facebook/v19.0/oauth/access_token",
    ];
    let bodies: &[&[u8]] = &[b"", b"{", b"{\"a\":", b"[]", b"null", b"\"x\"", b"\xff\xfe\x00", b"%zz=%&&==&a[b]=c"];
    for path in paths {
        for kind in [JSON, FORM, "text/plain", "multipart/form-data; boundary=x", "???"] {
            for body in bodies {
                let what = format!("{path} {kind} {:?}", String::from_utf8_lossy(body));
                check_refused(&what, &tenant.post(path, kind, body.to_vec()).await);
            }
        }
    }
    let deep = "[".repeat(50_000);
    for path in paths {
        check_refused(path, &tenant.post(path, JSON, deep.clone()).await);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin_token("").await;
    // A page says so in the error page, whose status is always 400.
    for (path, kind, status) in [
        ("/oauth/token", FORM, 413),
        ("/oauth/token", JSON, 413),
        ("/dbconnections/signup", JSON, 413),
        ("/api/v2/users", JSON, 413),
        ("/u/login", FORM, 400),
        ("/login/callback", FORM, 400),
    ] {
        let body = match kind {
            JSON => format!(r#"{{"name": "{}"}}"#, "x".repeat(2_500_000)),
            _ => format!("name={}", "x".repeat(2_500_000)),
        };
        let request = tenant.http.post(tenant.url(path)).bearer_auth(&admin).header("content-type", kind).body(body);
        let reply = send(request).await;
        assert_eq!(reply.status, status, "{path} {kind}: {}", reply.body);
        assert!(reply.body.to_lowercase().contains("large"), "{path} {kind}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    let (_impostor, tenant) = start().await;
    for path in [
        "/authorize?client_id=acme-web&client_id=acme-spa&response_type=code&redirect_uri=http://localhost:8484/callback",
        "/authorize?client_id=acme-web&response_type=code&redirect_uri=http://localhost:8484/callback&redirect_uri=https://evil.example/",
        "/u/login?state=a&state=b",
        "/login/callback?state=a&state=b&code=c",
        "/v2/logout?client_id=acme-web&returnTo=http://localhost:8484/&returnTo=https://evil.example/",
    ] {
        check_refused(path, &tenant.get(path).await);
    }
    let secret = "client_secret=acme-machine-secret-for-local-tests-only&audience=https://api.acme.example/";
    let form = format!("grant_type=client_credentials&client_id=acme-machine&{secret}");
    assert_eq!(tenant.post("/oauth/token", FORM, form.clone()).await.status, 200);
    for doubled in ["grant_type=client_credentials", "client_id=acme-machine", "audience=https://api.acme.example/"] {
        check_refused(doubled, &tenant.post("/oauth/token", FORM, format!("{form}&{doubled}")).await);
    }
}

#[tokio::test]
async fn broken_cookies_are_no_cookies() {
    let (_impostor, tenant) = start().await;
    let login = tenant.app("acme-spa").begin_login(&[]).unwrap().url;
    let path = login.strip_prefix(tenant.issuer.trim_end_matches('/')).unwrap();
    for cookie in [
        &b"auth0=%%%; did=;;;"[..],
        b"=",
        b"auth0",
        b"\xff\xfe",
        b"did=\"; auth0=\"\"",
        b"auth0=a; auth0=b; did=c; did=d",
    ] {
        let what = String::from_utf8_lossy(cookie);
        let reply = get_with_cookie(&tenant, path, cookie).await;
        assert_eq!(reply.status, 302, "{what}: {}", reply.body);
        assert!(reply.header("location").contains("/u/login?state="), "{what}: {}", reply.header("location"));
        check_refused(&what, &get_with_cookie(&tenant, "/authorize/resume?state=x", cookie).await);
    }
}

#[tokio::test]
async fn a_login_form_is_worth_nothing_in_another_browser() {
    let (_impostor, tenant) = start().await;
    let login = tenant.app("acme-spa").begin_login(&[]).unwrap();
    let mut browser = tenant.browser();
    let form = page(browser.open(&login.url).await.unwrap()).form_with("username").unwrap();
    let form = form.fill("username", "alice@acme.example").unwrap().fill("password", "Passw0rd!alice").unwrap();

    let mut stranger = tenant.browser();
    let refused = page(stranger.submit(form.clone()).await.unwrap());
    assert!((400..500).contains(&refused.status), "{} {}", refused.status, refused.text());
    let silent = tenant.app("acme-spa").begin_login(&owned(&[("prompt", "none")])).unwrap();
    assert_eq!(callback(stranger.open(&silent.url).await.unwrap()).get("error"), Some("login_required"));

    callback(browser.submit(form).await.unwrap());
}

#[tokio::test]
async fn a_state_that_nobody_knows_shows_the_error_page() {
    let (_impostor, tenant) = start().await;
    for path in ["/u/login", "/u/signup", "/u/consent", "/login/callback", "/authorize/resume"] {
        for query in ["", "?state=", "?state=unknown", "?state=unknown&code=x", "?state=%00%ff", "?error=access_denied"]
        {
            let reply = tenant.get(&format!("{path}{query}")).await;
            check_refused(&format!("{path}{query}"), &reply);
            assert!(reply.header("content-type").starts_with("text/html"), "{path}{query}: {}", reply.body);
        }
    }
}

#[tokio::test]
async fn nothing_of_an_address_comes_back_as_markup() {
    let (_impostor, tenant) = start().await;
    let app = "client_id=acme-web&response_type=code&redirect_uri=http://localhost:8484/callback";
    for path in [
        format!("/authorize?client_id={ENCODED}"),
        format!("/authorize?client_id=acme-web&response_type={ENCODED}"),
        format!("/authorize?client_id=acme-web&response_type=code&redirect_uri=https://evil.example/{ENCODED}"),
        format!("/authorize?{app}&{ENCODED}={ENCODED}"),
        format!("/authorize?{app}&state={ENCODED}&prompt=none&response_mode=form_post"),
        format!("/authorize?{app}&state={ENCODED}&prompt=none&response_mode=web_message"),
        format!("/authorize?{app}&connection={ENCODED}&ui_locales={ENCODED}&response_mode=form_post"),
        format!("/authorize?{app}&scope={ENCODED}&audience={ENCODED}&response_mode=form_post"),
        format!("/u/login?state={ENCODED}"),
        format!("/login/callback?state={ENCODED}&error={ENCODED}&error_description={ENCODED}"),
        format!("/v2/logout?client_id={ENCODED}&returnTo={ENCODED}"),
        format!("/v2/logout?returnTo=https://evil.example/{ENCODED}"),
        format!("/oidc/logout?id_token_hint={ENCODED}&post_logout_redirect_uri={ENCODED}"),
        format!("/{ENCODED}"),
        format!("/_upstreams/google/o/oauth2/v2/auth?client_id=x&redirect_uri={ENCODED}&scope={ENCODED}"),
        format!("/_upstreams/facebook/v19.0/dialog/oauth?client_id={ENCODED}&redirect_uri={ENCODED}"),
        format!("/_upstreams/{ENCODED}"),
    ] {
        check_unechoed(&path, &tenant.get(&path).await);
    }
}

#[tokio::test]
async fn nothing_of_a_form_comes_back_as_markup() {
    let (_impostor, tenant) = start().await;
    let login = tenant.app("acme-spa").begin_login(&owned(&[("login_hint", MARKUP)])).unwrap();
    let mut browser = tenant.browser();
    let shown = page(browser.open(&login.url).await.unwrap());
    assert!(!shown.html.contains("<script>alert"), "{}", shown.html);
    let form = shown.form_with("username").unwrap();
    let form = form.fill("username", MARKUP).unwrap().fill("password", MARKUP).unwrap();
    let again = page(browser.submit(form).await.unwrap());
    assert_eq!(again.status, 400, "{}", again.text());
    assert!(!again.html.contains("<script>alert"), "{}", again.html);
    assert_eq!(again.form_with("username").unwrap().value("username"), Some(MARKUP), "what was typed is still there");
}
