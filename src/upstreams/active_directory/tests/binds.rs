//! Who may bind, and what they are told if not.

use crate::protocols::ldap::extended::WHO_AM_I;
use crate::protocols::ldap::message::Bind;
use crate::protocols::ldap::message::Credentials;
use crate::protocols::ldap::message::Extended;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::upstreams::active_directory::tests::Client;
use crate::upstreams::active_directory::tests::below;
use crate::upstreams::active_directory::tests::changes::rename;
use crate::upstreams::active_directory::tests::is;
use crate::upstreams::active_directory::tests::search;

fn who_am_i(client: &mut Client) -> String {
    let answers = client.answers(Request::Extended(Extended { oid: WHO_AM_I.to_owned(), value: None }), Vec::new());
    match answers.into_iter().next().map(|answer| answer.operation) {
        Some(Response::Extended { value: Some(value), .. }) => String::from_utf8(value).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn plain(client: &mut Client, message: &[u8]) -> String {
    let credentials = Credentials::Sasl { mechanism: "plain".to_owned(), credentials: Some(message.to_vec()) };
    client.ask(Request::Bind(Bind { version: 3, name: String::new(), credentials }))
}

#[test]
fn every_form_of_a_name_is_the_same_account() {
    let mut client = Client::new();
    let sid = {
        let state = client.upstreams.read();
        let ana = state.directory.account("ACME\\ana").unwrap();
        crate::upstreams::active_directory::view::own_sid(ana).unwrap().to_string()
    };
    for name in [
        &below("CN=Ana Ruiz,OU=Sales"),
        "cn=ana  ruiz , ou=SALES;dc=acme,dc=EXAMPLE",
        "ana@acme.example",
        "ANA@ACME",
        "ACME\\ANA",
        "acme.example\\ana",
        &format!("<SID={sid}>"),
    ] {
        assert_eq!(client.bind(name, "Passw0rd!ana"), "ok", "{name}");
        assert_eq!(who_am_i(&mut client), "u:ACME\\ana");
    }
    for name in ["ana", "OTHER\\ana", "ana@other.example", "CN=Ana Ruiz", &below("CN=Team"), "ACME\\Team", "<GUID=1>"] {
        is(&client.bind(name, "Passw0rd!ana"), "49 data 52e,");
        assert_eq!(who_am_i(&mut client), "", "{name}");
    }
}

#[test]
fn a_name_with_a_comma_is_a_name() {
    let mut client = Client::of("Administrator");
    assert_eq!(rename(&mut client, "CN=Ana Ruiz,OU=Sales", "CN=Ruiz\\, Ana", None), "ok");
    for name in
        [below("CN=Ruiz\\, Ana,OU=Sales"), below("cn=ruiz\\2c ana,OU=Sales"), below("CN=\"Ruiz, Ana\",OU=Sales")]
    {
        assert_eq!(client.bind(&name, "Passw0rd!ana"), "ok", "{name}");
    }
    assert_eq!(plain(&mut client, b"\0ana\0Passw0rd!ana"), "ok");
}

#[test]
fn plain_carries_name_and_password() {
    let mut client = Client::new();
    for message in
        ["\0ana\0Passw0rd!ana", "ana\0ana\0Passw0rd!ana", "u:ana\0ana\0Passw0rd!ana", "\0ACME\\ana\0Passw0rd!ana"]
    {
        assert_eq!(plain(&mut client, message.as_bytes()), "ok", "{message:?}");
        assert_eq!(who_am_i(&mut client), "u:ACME\\ana");
    }
    for message in ["", "\0ana", "\0ana\0", "\0\0Passw0rd!ana", "bo\0ana\0Passw0rd!ana", "\0ana\0Passw0rd!bo", "\0x\0y"]
    {
        is(&plain(&mut client, message.as_bytes()), "49 data 52e,");
    }
}

#[test]
fn a_bind_that_fails_or_says_nothing_leaves_nobody() {
    let mut client = Client::of("ana");
    assert_eq!(client.finds("(sn=Ruiz)"), ["ana"]);
    assert_eq!(client.bind("ACME\\ana", ""), "ok");
    is(&client.ask(Request::Search(search("(sn=Ruiz)"))), "1 000004DC: LdapErr: DSID-0C090A5C");
    let mut client = Client::of("ana");
    is(&client.bind("ACME\\ana", "wrong"), "49");
    is(&client.ask(Request::Delete(below("CN=Team"))), "1 000004DC");
    let wrong = Bind { version: 2, name: String::new(), credentials: Credentials::Simple(Vec::new()) };
    is(&client.ask(Request::Bind(wrong)), "2 version 3");
    let credentials = Credentials::Sasl { mechanism: "GSSAPI".to_owned(), credentials: None };
    is(&client.ask(Request::Bind(Bind { version: 3, name: String::new(), credentials })), "7 00002027");
}

#[test]
fn whoever_may_not_bind_is_told_why_if_they_know_the_password() {
    let mut client = Client::new();
    for (account, code) in
        [("nobody", "52e"), ("cenek", "533"), ("expired", "701"), ("stale", "532"), ("new", "773"), ("Guest", "52e")]
    {
        let name = format!("ACME\\{account}");
        let text =
            format!("49 80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {code}, v3839");
        assert_eq!(client.bind(&name, &format!("Passw0rd!{account}")), text);
        is(&client.bind(&name, "wrong"), "49 data 52e,");
    }
}

#[test]
fn ten_wrong_passwords_lock_an_account_for_ten_minutes() {
    let mut client = Client::new();
    for _ in 0..10 {
        is(&client.bind("ACME\\ana", "wrong"), "49 data 52e,");
    }
    is(&client.bind("ACME\\ana", "Passw0rd!ana"), "49 data 775,");
    is(&client.bind("ACME\\ana", "wrong"), "49 data 775,");
    client.pass(9);
    is(&client.bind("ACME\\ana", "Passw0rd!ana"), "49 data 775,");
    client.pass(1);
    assert_eq!(client.bind("ACME\\ana", "Passw0rd!ana"), "ok");
    assert_eq!(client.values("CN=Ana Ruiz,OU=Sales", "lockoutTime"), ["0"]);
    assert_eq!(client.values("CN=Ana Ruiz,OU=Sales", "badPwdCount"), ["0"]);
}

#[test]
fn wrong_passwords_are_forgotten_after_the_window_and_a_good_one() {
    let mut client = Client::new();
    for round in 0..3 {
        for _ in 0..9 {
            is(&client.bind("ACME\\ana", "wrong"), "49 data 52e,");
        }
        if round < 2 {
            client.pass(10);
        }
    }
    assert_eq!(client.bind("ACME\\ana", "Passw0rd!ana"), "ok");
    for _ in 0..9 {
        is(&client.bind("ACME\\ana", "wrong"), "49 data 52e,");
    }
    assert_eq!(client.bind("ACME\\ana", "Passw0rd!ana"), "ok");
    assert_eq!(client.values("CN=Ana Ruiz,OU=Sales", "logonCount"), ["2"]);
}

#[test]
fn passwords_expire_after_forty_two_days() {
    let mut client = Client::new();
    client.pass(42 * 24 * 60 - 1);
    assert_eq!(client.bind("ACME\\ana", "Passw0rd!ana"), "ok");
    client.pass(1);
    is(&client.bind("ACME\\ana", "Passw0rd!ana"), "49 data 532,");
    // Its password never expires.
    assert_eq!(client.bind("ACME\\Administrator", "Passw0rd!Administrator"), "ok");
    let flags = client.values("CN=Ana Ruiz,OU=Sales", "msDS-User-Account-Control-Computed");
    assert_eq!(flags, ["8388608"]);
}
