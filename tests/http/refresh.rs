//! Refresh tokens that rotate, and what is left when one is used by many.

use futures_util::future::join_all;

use crate::tenant::{Tenant, refusal, start};
use impostor::client::app::App;

async fn refreshable(tenant: &Tenant) -> (App, String) {
    let tokens = tenant.tokens("acme-spa", "openid offline_access").await;
    (tenant.app("acme-spa"), tokens.refresh_token.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_exchanges_of_one_token_at_once_end_its_family() {
    let (_impostor, tenant) = start().await;
    let (app, token) = refreshable(&tenant).await;
    let exchanges = (0..12).map(|_| {
        let (app, token) = (app.clone(), token.clone());
        tokio::spawn(async move { app.refresh(&token).await })
    });
    let (won, lost): (Vec<_>, Vec<_>) =
        join_all(exchanges).await.into_iter().map(Result::unwrap).partition(Result::is_ok);
    assert_eq!(won.len(), 1, "a leeway of 0 lets nobody through beside the first");
    for exchange in lost {
        let refusal = refusal(exchange);
        assert_eq!((refusal.status, refusal.code.as_str()), (403, "invalid_grant"), "{refusal}");
    }
    // The others count as thieves: what the first one got is worth nothing any more.
    let successor = won.into_iter().next().unwrap().unwrap().refresh_token.unwrap();
    assert_eq!(refusal(app.refresh(&successor).await).code, "invalid_grant");
}

#[tokio::test]
async fn a_family_that_ends_takes_no_other_login_with_it() {
    let (_impostor, tenant) = start().await;
    let (app, stolen) = refreshable(&tenant).await;
    let (_, other) = refreshable(&tenant).await;
    app.refresh(&stolen).await.unwrap();
    assert_eq!(refusal(app.refresh(&stolen).await).code, "invalid_grant");
    app.refresh(&other).await.unwrap();
}

#[tokio::test]
async fn tokens_rotate_for_as_long_as_each_is_used_once() {
    let (_impostor, tenant) = start().await;
    let (app, mut token) = refreshable(&tenant).await;
    for _ in 0..5 {
        let tokens = app.refresh(&token).await.unwrap();
        app.verify_id_token(&tokens.id_token.unwrap(), None).await.unwrap();
        let next = tokens.refresh_token.unwrap();
        assert_ne!(next, token);
        token = next;
    }
}

#[tokio::test]
async fn a_token_is_worth_nothing_to_another_client_and_stays_good() {
    let (_impostor, tenant) = start().await;
    let (app, token) = refreshable(&tenant).await;
    for thief in ["acme-native", "acme-web"] {
        assert_eq!(refusal(tenant.app(thief).refresh(&token).await).code, "invalid_grant", "{thief}");
    }
    app.refresh(&token).await.unwrap();
}
