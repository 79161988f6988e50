//! Authorization codes: what one is worth, to whom, and where it is sent.

use futures_util::future::join_all;

use crate::tenant::{CALLBACK, owned, page, refusal, start};

#[tokio::test]
async fn a_code_is_worth_one_exchange() {
    let (_impostor, tenant) = start().await;
    let mut app = tenant.app("acme-web");
    let (login, callback) = tenant.sign_in(&mut app, &[("scope", "openid offline_access")]).await;
    let tokens = app.redeem(&login, &callback).await.unwrap();
    app.userinfo(&tokens.access_token).await.unwrap();

    let again = refusal(app.redeem(&login, &callback).await);
    assert_eq!((again.status, again.code.as_str()), (403, "invalid_grant"));
    assert_eq!(refusal(app.userinfo(&tokens.access_token).await).status, 401);
    assert_eq!(refusal(app.refresh(&tokens.refresh_token.unwrap()).await).code, "invalid_grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_exchanges_at_once_exactly_one_succeeds() {
    let (_impostor, tenant) = start().await;
    let mut app = tenant.app("acme-spa");
    let (login, callback) = tenant.sign_in(&mut app, &[]).await;
    let exchanges = (0..20).map(|_| {
        let (app, login, callback) = (app.clone(), login.clone(), callback.clone());
        tokio::spawn(async move { app.redeem(&login, &callback).await })
    });
    let (won, lost): (Vec<_>, Vec<_>) =
        join_all(exchanges).await.into_iter().map(Result::unwrap).partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for exchange in lost {
        let refusal = refusal(exchange);
        assert_eq!((refusal.status, refusal.code.as_str()), (403, "invalid_grant"), "{refusal}");
    }
}

#[tokio::test]
async fn a_code_of_another_client_is_worth_nothing_to_its_thief() {
    let (_impostor, tenant) = start().await;
    let mut app = tenant.app("acme-spa");
    let (login, callback) = tenant.sign_in(&mut app, &[]).await;
    for thief in ["acme-native", "acme-web"] {
        let refusal = refusal(tenant.app(thief).redeem(&login, &callback).await);
        assert_eq!((refusal.status, refusal.code.as_str()), (403, "invalid_grant"), "{thief}: {refusal}");
    }
}

#[tokio::test]
async fn nobody_is_sent_to_a_foreign_address() {
    let (_impostor, tenant) = start().await;
    let foreign = [
        "https://evil.example/callback",
        "//evil.example/callback",
        "http://localhost.evil.example/callback",
        "http://localhost:8484@evil.example/callback",
        "http://user@localhost:8484/callback",
        "http://localhost:8484.evil.example/callback",
        "javascript:alert(1)//localhost:8484/callback",
        "data:text/html,callback",
        "ftp://localhost:8484/callback",
        "not an address",
    ];
    for redirect_uri in foreign {
        for extra in [("prompt", "none"), ("response_mode", "form_post"), ("scope", "openid")] {
            let mut app = tenant.app("acme-web");
            let login = app.begin_login(&owned(&[("redirect_uri", redirect_uri), extra])).unwrap();
            let mut browser = tenant.browser();
            let page = page(browser.open(&login.url).await.unwrap());
            assert!((400..500).contains(&page.status), "{redirect_uri}: {} {}", page.status, page.text());
            assert!(page.forms().is_empty(), "{redirect_uri}");
            let strayed = browser.visits().iter().find(|visit| !visit.url.as_str().starts_with(&tenant.issuer));
            assert_eq!(strayed, None, "{redirect_uri}");
        }
    }
}

#[tokio::test]
async fn a_code_is_exchanged_for_the_address_it_was_sent_to() {
    let (_impostor, tenant) = start().await;
    let mut app = tenant.app("acme-spa");
    let (login, callback) = tenant.sign_in(&mut app, &[]).await;
    app.redirect_uri = format!("{CALLBACK}/elsewhere");
    let elsewhere = refusal(app.redeem(&login, &callback).await);
    assert_eq!((elsewhere.status, elsewhere.code.as_str()), (403, "unauthorized_client"), "{elsewhere}");
}
