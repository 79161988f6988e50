//! Accounts linked while people sign in with them, and by several administrators at once.

use futures_util::future::join_all;
use impostor::client::browser::Arrival;
use impostor::client::control::Control;
use impostor::client::error::ClientError;
use impostor::client::management::Management;
use impostor::client::people::{NewPerson, Person};
use impostor::client::tenants::Fork;
use impostor::gherkin::parameters::IdentityProvider;
use impostor::gherkin::visit;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::tenant::{Tenant, refusal, start};

/// The accounts of one person: one of the database, one at Google.
struct Accounts {
    database: Person,
    google: Person,
}

impl Accounts {
    async fn made(control: &Control) -> Self {
        let at = |at: &str| NewPerson { at: at.to_owned(), ..NewPerson::default() };
        let (database, google) = (control.add_person(&at("database")).await, control.add_person(&at("google")).await);
        Self { database: database.unwrap(), google: google.unwrap() }
    }

    fn primary(&self) -> &str {
        &self.database.id
    }

    fn secondary(&self) -> String {
        format!("google-oauth2|{}", self.google.id)
    }

    /// What administrators send to link the account at Google.
    fn body(&self) -> Value {
        json!({ "provider": "google-oauth2", "user_id": self.google.id })
    }
}

/// How many steps a login has: the link opened, the pages passed, the code exchanged.
const STEPS: usize = 3;

/// Signs somebody in in a browser of their own: whom the app takes them for, or the error that it is told.
async fn sign_in(tenant: &Tenant, provider: IdentityProvider, account: &Person) -> Result<String, String> {
    sign_in_step_by_step(tenant, provider, account, || ()).await
}

/// The same, telling when each step is done.
async fn sign_in_step_by_step(
    tenant: &Tenant,
    provider: IdentityProvider,
    account: &Person,
    step: impl Fn(),
) -> Result<String, String> {
    let (mut app, mut browser) = (tenant.app("acme-web"), tenant.browser());
    let login = app.begin_login(&[]).unwrap();
    let opened = browser.open(&login.url).await.unwrap();
    step();
    let arrival = visit::willing(provider, account.clone()).travel(&mut browser, opened).await.unwrap();
    step();
    let Arrival::Callback(callback) = arrival else { panic!("stopped at a page: {arrival:?}") };
    if let Some(error) = callback.get("error") {
        step();
        return Err(error.to_owned());
    }
    let redeemed = app.redeem(&login, &callback).await;
    step();
    match redeemed {
        Ok(tokens) => {
            let token = app.verify_id_token(&tokens.id_token.unwrap(), Some(&login)).await.unwrap();
            Ok(token.claims["sub"].as_str().unwrap().to_owned())
        }
        Err(error) => Err(error.refusal().unwrap().code.clone()),
    }
}

fn ids(identities: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    identities.iter().map(|one| format!("{}|{}", text(&one["provider"]), text(&one["user_id"]))).collect()
}

async fn with_identity(admin: &Management, id: &str) -> Vec<String> {
    let found = admin.users(&[("q", &format!("identities.user_id:\"{id}\""))]).await.unwrap();
    found.iter().map(|user| user["user_id"].as_str().unwrap().to_owned()).collect()
}

/// Ten logins with both accounts, and a link that begins when so many of their steps are done.
async fn race(tenant: &Tenant, accounts: &Accounts, steps_first: usize) -> Vec<Result<String, String>> {
    let admin = tenant.admin().await;
    let (done, mut steps) = watch::channel(0_usize);
    let logins = (0..10).map(|number| {
        let (tenant, done) = (tenant.clone(), done.clone());
        let (provider, account) = match number % 2 {
            0 => (IdentityProvider::Database, accounts.database.clone()),
            _ => (IdentityProvider::Google, accounts.google.clone()),
        };
        let step = move || done.send_modify(|steps| *steps += 1);
        tokio::spawn(async move { sign_in_step_by_step(&tenant, provider, &account, step).await })
    });
    let logins: Vec<_> = logins.collect();
    steps.wait_for(|steps| *steps >= steps_first).await.unwrap();
    admin.link(accounts.primary(), &accounts.body()).await.unwrap();
    join_all(logins).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_logins_that_race_with_a_link_leave_one_consistent_user() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    for steps_first in [0, 10, 13, 16, 19, 22, 25, 10 * STEPS] {
        let accounts = Accounts::made(&tenant.control()).await;
        let secondary = accounts.secondary();
        assert_eq!(sign_in(&tenant, IdentityProvider::Google, &accounts.google).await, Ok(secondary.clone()));
        let outcomes = race(&tenant, &accounts, steps_first).await;

        let primary = accounts.primary().to_owned();
        let as_primary = outcomes.iter().filter(|outcome| **outcome == Ok(primary.clone())).count();
        assert!(as_primary >= 5, "whoever used the primary's own account got in: {outcomes:?}");
        for outcome in &outcomes {
            let lost = matches!(outcome, Err(error) if error == "login_required" || error == "invalid_grant");
            let known = *outcome == Ok(primary.clone()) || *outcome == Ok(secondary.clone());
            assert!(lost || known, "{outcomes:?}");
        }
        let all_done_first = steps_first == 10 * STEPS;
        assert!(!all_done_first || as_primary == 5, "{outcomes:?}");
        let user = admin.user(&primary).await.unwrap();
        assert_eq!(ids(user["identities"].as_array().unwrap()), [primary.clone(), secondary.clone()]);
        assert_eq!(user["logins_count"], json!(as_primary), "{steps_first}: {outcomes:?}");
        assert_eq!(refusal(admin.user(&secondary).await).status, 404);
        assert_eq!(with_identity(&admin, &accounts.google.id).await, std::slice::from_ref(&primary));

        for (provider, account) in
            [(IdentityProvider::Google, &accounts.google), (IdentityProvider::Database, &accounts.database)]
        {
            assert_eq!(sign_in(&tenant, provider, account).await, Ok(primary.clone()));
        }
        assert_eq!(admin.user(&primary).await.unwrap()["logins_count"], json!(as_primary + 2));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_link_the_same_account_one_gets_it() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    for _ in 0..5 {
        let (one, other) = (Accounts::made(&tenant.control()).await, Accounts::made(&tenant.control()).await);
        sign_in(&tenant, IdentityProvider::Google, &one.google).await.unwrap();
        let links = [one.primary().to_owned(), other.primary().to_owned()].map(|primary| {
            let (admin, body) = (admin.clone(), one.body());
            tokio::spawn(async move { (admin.link(&primary, &body).await, primary) })
        });
        let results: Vec<_> = join_all(links).await.into_iter().map(Result::unwrap).collect();
        let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(|(result, _)| result.is_ok());
        assert_eq!((won.len(), lost.len()), (1, 1));
        for (result, loser) in lost {
            let refusal = refusal(result);
            assert_eq!((refusal.status, refusal.message.as_str()), (409, "Specified identity already exists."));
            assert_eq!(admin.user(&loser).await.unwrap()["identities"].as_array().unwrap().len(), 1);
        }
        assert_eq!(with_identity(&admin, &one.google.id).await, [won[0].1.clone()]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_users_who_are_linked_to_each_other_are_one_and_not_none() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    for _ in 0..5 {
        let accounts = Accounts::made(&tenant.control()).await;
        sign_in(&tenant, IdentityProvider::Google, &accounts.google).await.unwrap();
        let (primary, secondary) = (accounts.primary().to_owned(), accounts.secondary());
        let (_, database_id) = primary.split_once('|').unwrap();
        let other_way = json!({ "provider": "auth0", "user_id": database_id });
        let google = accounts.body();
        let (one, other) = tokio::join!(admin.link(&primary, &google), admin.link(&secondary, &other_way));
        let ok: Vec<_> = [&one, &other].into_iter().filter_map(|result| result.as_ref().ok()).collect();
        assert_eq!(ok.len(), 1, "{one:?} {other:?}");
        let status =
            |result: &Result<_, ClientError>| result.as_ref().err().map(|error| error.refusal().unwrap().status);
        assert!([status(&one), status(&other)].contains(&Some(404)), "{one:?} {other:?}");
        let mut left = ids(ok[0]);
        left.sort();
        assert_eq!(left, [primary.clone(), secondary.clone()]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_account_is_unlinked_once_and_is_one_user_whoever_signs_in() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    let accounts = Accounts::made(&tenant.control()).await;
    sign_in(&tenant, IdentityProvider::Google, &accounts.google).await.unwrap();
    admin.link(accounts.primary(), &accounts.body()).await.unwrap();
    let (primary, id) = (accounts.primary(), accounts.google.id.as_str());
    let (one, other, login) = tokio::join!(
        admin.unlink(primary, "google-oauth2", id),
        admin.unlink(primary, "google-oauth2", id),
        sign_in(&tenant, IdentityProvider::Google, &accounts.google),
    );
    assert_ne!(one.is_ok(), other.is_ok());
    let login = login.unwrap();
    assert!(login == primary || login == accounts.secondary());
    assert_eq!(with_identity(&admin, id).await, [accounts.secondary()]);
    assert_eq!(admin.user(primary).await.unwrap()["identities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn tokens_of_providers_are_replaced_at_logins_and_shown_to_few() {
    let (_impostor, tenant) = start().await;
    let admin = tenant.admin().await;
    let accounts = Accounts::made(&tenant.control()).await;
    sign_in(&tenant, IdentityProvider::Google, &accounts.google).await.unwrap();
    let narrow = tenant.admin_token("update:users read:users").await;
    let narrow = Management::with_token(tenant.transport.clone(), &tenant.issuer, &narrow).unwrap();
    let linked = narrow.link(accounts.primary(), &accounts.body()).await.unwrap();
    assert_eq!(linked[1].get("access_token"), None);

    let token = async || admin.user(accounts.primary()).await.unwrap()["identities"][1]["access_token"].clone();
    let before = token().await;
    sign_in(&tenant, IdentityProvider::Google, &accounts.google).await.unwrap();
    let after = token().await;
    assert!(before.is_string() && after.is_string() && before != after, "{before} {after}");
    assert_eq!(narrow.user(accounts.primary()).await.unwrap()["identities"][1].get("access_token"), None);
}

#[tokio::test]
async fn an_id_token_of_another_tenant_links_nobody() {
    let (_impostor, tenant) = start().await;
    let other = Fork { from: "acme".to_owned(), name: Some("other".to_owned()), port: true, ..Fork::default() };
    let other = tenant.at(&tenant.control().fork(&other).await.unwrap().issuer);
    let foreign = other.tokens("acme-web", "openid").await.id_token.unwrap();
    let (mut app, audience) = (tenant.app("acme-web"), tenant.url("/api/v2/"));
    let extra = [("scope", "openid update:current_user_identities"), ("audience", audience.as_str())];
    let (login, callback) = tenant.sign_in(&mut app, &extra).await;
    let tokens = app.redeem(&login, &callback).await.unwrap();
    let own = Management::with_token(tenant.transport.clone(), &tenant.issuer, &tokens.access_token).unwrap();
    let alice = "auth0|65f1c0ffee0000000000a11c";
    let refused = refusal(own.link(alice, &json!({ "link_with": foreign })).await);
    assert_eq!(refused.message, "JWT (link_with) must have the same issuer as the calling user.");

    // A client that signs in for Alice again gets a token that is good, and about Alice herself.
    let same = refusal(own.link(alice, &json!({ "link_with": tokens.id_token.unwrap() })).await);
    assert_eq!((same.status, same.message.as_str()), (400, "Main identity and the new one are the same."));
}
