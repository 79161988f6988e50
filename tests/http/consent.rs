//! The consent page names what the app then gets.

use crate::tenant::{owned, page, start};

#[tokio::test]
async fn scopes_of_the_management_api_are_asked_for_by_name() {
    let (_impostor, tenant) = start().await;
    // Under either of the tenant's names.
    for base in [tenant.url(""), tenant.url("").replace("localhost", "127.0.0.1")] {
        let audience = format!("{base}/api/v2/");
        let scope = "openid read:current_user update:users";
        let extra = owned(&[("audience", &audience), ("scope", scope), ("prompt", "consent")]);
        let mut browser = tenant.browser();
        let login = tenant.app("acme-spa").begin_login(&extra).unwrap();
        let form = page(browser.open(&login.url).await.unwrap()).form_with("username").unwrap();
        let form = form.fill("username", "alice@acme.example").unwrap().fill("password", "Passw0rd!alice").unwrap();
        let consent = page(browser.submit(form).await.unwrap()).text();
        assert!(consent.contains("Read Current User"), "{consent}");
        assert!(!consent.contains("Update Users"), "people don't get what machines may do: {consent}");
    }
}
