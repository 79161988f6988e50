//! Passwords of the directory, changed over LDAP by programs.

use std::collections::HashSet;

use futures_util::future::join_all;
use impostor::client::directory::unicode_password;
use impostor::harness::Impostor;
use ldap3::exop::PasswordModify;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapResult, Mod, Scope, SearchEntry};

const JOHN: &str = "CN=John Doe,OU=Engineering,DC=acme,DC=example";
const OLD: &str = "Passw0rd!jdoe";

/// A server, and a connection to its directory over TLS, bound as somebody.
async fn bound(account: &str, password: &str) -> (Impostor, Ldap) {
    let impostor = Impostor::builder().ldap().start().await.unwrap();
    let ldap = connect(&impostor, account, password).await.unwrap();
    (impostor, ldap)
}

/// `Err` is how the directory refuses.
async fn connect(impostor: &Impostor, account: &str, password: &str) -> Result<Ldap, LdapResult> {
    let settings = LdapConnSettings::new().set_starttls(true).set_no_tls_verify(true);
    let (connection, mut ldap) = LdapConnAsync::with_settings(settings, &impostor.ldap_url().unwrap()).await.unwrap();
    tokio::spawn(connection.drive());
    let said = ldap.simple_bind(&format!("ACME\\{account}"), password).await.unwrap();
    if said.rc == 0 { Ok(ldap) } else { Err(said) }
}

async fn change(ldap: &mut Ldap, old: &str, new: &str) -> LdapResult {
    let password = |text: &str| HashSet::from([unicode_password(text)]);
    let name = || b"unicodePwd".to_vec();
    ldap.modify(JOHN, vec![Mod::Delete(name(), password(old)), Mod::Add(name(), password(new))]).await.unwrap()
}

/// RFC 3062.
async fn modify(ldap: &mut Ldap, old: &str, new: &str) -> LdapResult {
    let operation = PasswordModify { user_id: None, old_pass: Some(old), new_pass: Some(new) };
    ldap.extended(operation).await.unwrap().1
}

async fn value(ldap: &mut Ldap, dn: &str, name: &str) -> Vec<String> {
    let (found, _) = ldap.search(dn, Scope::Base, "(objectClass=*)", [name]).await.unwrap().success().unwrap();
    let entry = SearchEntry::construct(found.into_iter().next().unwrap());
    entry.attrs.get(name).cloned().unwrap_or_default()
}

#[track_caller]
fn is(said: &LdapResult, code: u32, words: &str) {
    assert!(said.rc == code && said.text.contains(words), "{said:?} is not {code} {words}");
}

#[tokio::test]
async fn wrong_old_passwords_lock_the_account_however_they_are_tried() {
    let (impostor, mut ldap) = bound("jdoe", OLD).await;
    for tried in 1..=5 {
        is(&change(&mut ldap, "wrong", "Another-1").await, 19, "00000056");
        is(&modify(&mut ldap, "wrong", "Another-1").await, 19, "00000056");
        assert_eq!(value(&mut ldap, JOHN, "badPwdCount").await, [(2 * tried).to_string()]);
    }
    is(&change(&mut ldap, OLD, "Another-1").await, 19, "00000775");
    is(&modify(&mut ldap, OLD, "Another-1").await, 19, "00000775");
    is(&connect(&impostor, "jdoe", OLD).await.unwrap_err(), 49, "data 775");
}

#[tokio::test]
async fn tries_sent_before_any_answer_are_counted_one_by_one() {
    let (impostor, mut ldap) = bound("jdoe", OLD).await;
    let tries = (0..30).map(|_| {
        let mut ldap = ldap.clone();
        async move { change(&mut ldap, "wrong", "Another-1").await.text.contains("00000056") }
    });
    let heard = join_all(tries).await.into_iter().filter(|heard| *heard).count();
    assert_eq!(heard, 10);
    assert_eq!(value(&mut ldap, JOHN, "badPwdCount").await, ["10"]);
    is(&connect(&impostor, "jdoe", OLD).await.unwrap_err(), 49, "data 775");
}
