//! Logins that the harness takes by itself.

use impostor::client::control::Control;
use impostor::client::error::ClientError;
use impostor::client::logins::NewLogin;
use impostor::client::people::NewPerson;
use impostor::client::transport::{Transport, TransportOptions};
use impostor::harness::Impostor;

use crate::tenant::start;

fn control(impostor: &Impostor) -> Control {
    Control::at(Transport::new().unwrap(), impostor.url()).unwrap()
}

#[track_caller]
fn refused(answer: Result<impostor::client::logins::LoginTaken, ClientError>, words: &str) {
    let error = answer.unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[tokio::test]
async fn a_person_of_every_fake_and_of_the_database_comes_to_the_callback() {
    let (impostor, _tenant) = start().await;
    let control = control(&impostor);
    for at in ["database", "google", "facebook", "github", "linkedin", "microsoft", "apple", "oidc"] {
        let made = control.add_person(&NewPerson { at: at.to_owned(), ..NewPerson::default() }).await.unwrap();
        let who = if at == "database" { made.id.clone() } else { format!("{at}:{}", made.id) };
        let login = control.log_in(&NewLogin::of(&who).exchanging()).await.unwrap();
        let subject = login
            .claims
            .unwrap_or_else(|| panic!("{at}: {:?} {:?} {:?}", login.page, login.callback, login.visits))["sub"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(login.tokens.unwrap().contains_key("access_token"), "{at}");
        // From now on the tenant knows them: by the id it gave them, they come in again.
        let again = control.log_in(&NewLogin::of(&subject)).await.unwrap();
        let callback = again.callback.unwrap_or_else(|| panic!("{at}: {:?}", again.page));
        assert!(callback.parameters.contains_key("code"), "{at}: {callback:?}");
        assert!(again.visits.len() >= 3 && !again.cookies.is_empty(), "{at}");
    }
}

#[tokio::test]
async fn a_login_that_fails_tells_where_it_stopped() {
    let (impostor, _tenant) = start().await;
    let control = control(&impostor);
    let wrong = NewLogin { password: Some("wrong".to_owned()), ..NewLogin::of("alice@acme.example") };
    let page = control.log_in(&wrong).await.unwrap().page.unwrap();
    assert_eq!(page.status, 400);
    assert!(page.text.contains("Wrong email or password"), "{}", page.text);
    let cancelled = NewLogin { cancels: true, ..NewLogin::of("google:106912345678901234567") };
    let google = control.add_person(&NewPerson { at: "google".to_owned(), ..NewPerson::default() }).await.unwrap();
    let cancelled = NewLogin { person: format!("google:{}", google.id), ..cancelled };
    let callback = control.log_in(&cancelled).await.unwrap().callback.unwrap();
    assert_eq!(callback.parameters["error"], "access_denied");
}

#[tokio::test]
async fn who_and_where_must_be_clear() {
    let (impostor, _tenant) = start().await;
    let control = control(&impostor);
    refused(control.log_in(&NewLogin::of("nobody@people.example")).await, "there is no person");
    refused(control.log_in(&NewLogin::of("google:1")).await, "there is no person");
    refused(control.log_in(&NewLogin::of("alice@acme.example").at("no-client")).await, "there is no client");
    refused(control.log_in(&NewLogin::of("alice@acme.example").by("google-oauth2")).await, "has no account");
    for at in ["google", "github"] {
        let twin =
            NewPerson { at: at.to_owned(), email: Some("twin@people.example".to_owned()), ..NewPerson::default() };
        control.add_person(&twin).await.unwrap();
    }
    refused(control.log_in(&NewLogin::of("twin@people.example")).await, "may be any of");
}

#[tokio::test]
async fn a_fork_without_a_port_and_an_https_address_are_walked_too() {
    let (impostor, _tenant) = start().await;
    let fork = impostor::client::tenants::Fork { from: "acme".to_owned(), ..Default::default() };
    let fork = control(&impostor).fork(&fork).await.unwrap();
    let there = Control::at(Transport::new().unwrap(), &fork.issuer).unwrap();
    let login = there.log_in(&NewLogin::of("alice@acme.example").exchanging()).await.unwrap();
    assert_eq!(login.claims.unwrap()["iss"], *fork.issuer);
    let options = TransportOptions { trusted: vec![impostor.ca_pem().into_bytes()], localhost: None };
    let secure = Control::at(Transport::with(options).unwrap(), impostor.secure_url()).unwrap();
    let login = secure.log_in(&NewLogin::of("alice@acme.example").exchanging()).await.unwrap();
    assert_eq!(login.claims.unwrap()["iss"], format!("{}/", impostor.secure_url()));
}
