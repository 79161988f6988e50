//! Passwords, set by administrators and changed by those who know them.

use crate::protocols::ldap::ber::Reader;
use crate::protocols::ldap::ber::SEQUENCE;
use crate::protocols::ldap::extended::PASSWORD_MODIFY;
use crate::protocols::ldap::message::Change;
use crate::protocols::ldap::message::ChangeKind;
use crate::protocols::ldap::message::Extended;
use crate::protocols::ldap::message::Modify;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::writer::Writer;
use crate::upstreams::active_directory::tests::Client;
use crate::upstreams::active_directory::tests::below;
use crate::upstreams::active_directory::tests::is;
use crate::upstreams::active_directory::tests::one;

const ANA: &str = "CN=Ana Ruiz,OU=Sales";

fn quoted(password: &str) -> Vec<u8> {
    format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn change(client: &mut Client, step: &str, old: &str, new: &str) -> String {
    let part = |kind, password: &str| {
        let mut attribute = one("unicodePwd", "");
        attribute.values = vec![quoted(password).into()];
        Change { kind, attribute }
    };
    let changes = vec![part(ChangeKind::Delete, old), part(ChangeKind::Add, new)];
    client.ask(Request::Modify(Modify { dn: below(step), changes }))
}

/// Tag 0 names the user, 1 is the old password, 2 the new one.
fn operation(parts: &[(u8, &str)]) -> Request {
    let mut writer = Writer::new();
    writer.nested(0x30, |writer| parts.iter().for_each(|(tag, text)| writer.tagged(0x80 | tag, text.as_bytes())));
    Request::Extended(Extended { oid: PASSWORD_MODIFY.to_owned(), value: Some(writer.into_bytes()) })
}

#[test]
fn administrators_set_passwords_where_nobody_listens_in() {
    let mut client = Client::of("Administrator");
    let mut in_plain = client.in_plain("Administrator");
    is(&in_plain.modify(ANA, ChangeKind::Replace, "unicodePwd", &[&quoted("Another-1")]), "53 0000001F");
    is(&in_plain.ask(operation(&[(0, "ana"), (2, "Another-1")])), "53 0000001F");
    for weak in ["sh1!", "onlyletters", "Has-ana-in-1", ""] {
        is(&client.modify(ANA, ChangeKind::Replace, "unicodePwd", &[&quoted(weak)]), "53 0000052D");
    }
    is(&client.modify(ANA, ChangeKind::Replace, "unicodePwd", &[b"Another-1"]), "53 0000052D");
    is(&client.modify(ANA, ChangeKind::Add, "unicodePwd", &[&quoted("Another-1")]), "53 old one deleted");
    assert_eq!(client.modify(ANA, ChangeKind::Replace, "unicodePwd", &[&quoted("Another-1")]), "ok");
    assert_eq!(client.bind("ACME\\ana", "Another-1"), "ok");
    is(&client.bind("ACME\\ana", "Passw0rd!ana"), "49");
    assert!(client.values(ANA, "unicodePwd").is_empty() && client.values(ANA, "userPassword").is_empty());
}

#[test]
fn people_change_their_password_knowing_the_old_one() {
    let mut client = Client::of("ana");
    is(&change(&mut client, ANA, "wrong", "Another-1"), "19 00000056");
    is(&change(&mut client, ANA, "Passw0rd!ana", "weak"), "19 0000052D");
    is(&change(&mut client, ANA, "Passw0rd!ana", "Passw0rd!ana"), "19 0000052D");
    is(&client.modify(ANA, ChangeKind::Replace, "unicodePwd", &[&quoted("Another-1")]), "50");
    assert_eq!(change(&mut client, ANA, "Passw0rd!ana", "Another-1"), "ok");
    assert_eq!(client.bind("ACME\\ana", "Another-1"), "ok");
    assert_eq!(client.ask(operation(&[(1, "Another-1"), (2, "Another-2")])), "ok");
    is(&client.ask(operation(&[(1, "Another-1"), (2, "Another-3")])), "19");
    is(&client.ask(operation(&[(0, "bo"), (2, "Another-3")])), "50");
    is(&client.ask(operation(&[(0, "nobody"), (2, "Another-3")])), "32");
    assert_eq!(client.bind("ACME\\ana", "Another-2"), "ok");
    is(&Client::new().ask(operation(&[(1, "a"), (2, "b")])), "1 000004DC");
}

#[test]
fn wrong_old_passwords_count_towards_the_lockout() {
    let mut client = Client::of("ana");
    for tried in 1..=10 {
        let refused = match tried % 2 {
            0 => client.ask(operation(&[(1, "wrong"), (2, "Another-1")])),
            _ => change(&mut client, ANA, "wrong", "Another-1"),
        };
        is(&refused, "19 00000056");
        assert_eq!(client.values(ANA, "badPwdCount"), [tried.to_string()]);
    }
    // Nor does the right one help now, and it isn't counted.
    is(&change(&mut client, ANA, "Passw0rd!ana", "Another-1"), "19 00000775");
    is(&client.ask(operation(&[(1, "Passw0rd!ana"), (2, "Another-1")])), "19 00000775");
    assert_eq!(client.values(ANA, "badPwdCount"), ["10"]);
    is(&client.bind("ACME\\ana", "Passw0rd!ana"), "49 data 775");
    client.pass(11);
    assert_eq!(client.bind("ACME\\ana", "Passw0rd!ana"), "ok");
    assert_eq!(change(&mut client, ANA, "Passw0rd!ana", "Another-1"), "ok");
}

#[test]
fn it_counts_against_whose_password_it_is_not() {
    let mut client = Client::of("bo");
    is(&change(&mut client, ANA, "wrong", "Another-1"), "19 00000056");
    is(&client.ask(operation(&[(0, "ana"), (1, "wrong"), (2, "Another-1")])), "19 00000056");
    assert_eq!(client.values(ANA, "badPwdCount"), ["2"]);
    assert_eq!(client.values("CN=Bo Lind,OU=Sales", "badPwdCount"), ["0"]);
}

#[test]
fn a_password_that_is_not_given_is_made_up() {
    let mut client = Client::of("Administrator");
    let answers = client.answers(operation(&[(0, "ACME\\ana")]), Vec::new());
    let Response::Extended { value: Some(value), .. } = &answers[0].operation else { panic!("{answers:?}") };
    let made_up = Reader::new(value).within(SEQUENCE).unwrap().optional(0x80).unwrap().unwrap().to_owned();
    let made_up = String::from_utf8(made_up).unwrap();
    assert_eq!(client.bind("ACME\\ana", &made_up), "ok");
}

#[test]
fn a_new_password_is_good_for_who_had_to_change_it_and_for_a_new_account() {
    let mut client = Client::of("Administrator");
    for account in ["New", "Stale"] {
        let step = format!("CN={account},OU=Sales");
        assert_eq!(client.modify(&step, ChangeKind::Replace, "unicodePwd", &[&quoted("Another-1")]), "ok");
        assert_eq!(client.bind(&below(&step), "Another-1"), "ok");
        assert_eq!(client.bind("ACME\\Administrator", "Passw0rd!Administrator"), "ok");
    }
}
