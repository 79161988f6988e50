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
use crate::upstreams::active_directory::tests::BASE;
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

/// Sets one of the domain's rules.
fn rule(client: &mut Client, name: &str, value: &str) {
    let changes = vec![Change { kind: ChangeKind::Replace, attribute: one(name, value) }];
    assert_eq!(client.ask(Request::Modify(Modify { dn: BASE.to_owned(), changes })), "ok");
}

/// Goes through passwords, the first one present, each changed to the next; tells what came of the last change.
fn changed(client: &mut Client, passwords: &[&str]) -> String {
    let mut last = String::new();
    for (place, pair) in passwords.windows(2).enumerate() {
        last = change(client, ANA, pair[0], pair[1]);
        assert!(last == "ok" || place == passwords.len() - 2, "{last} at {pair:?}");
    }
    last
}

#[test]
fn passwords_do_not_come_again_while_the_domain_remembers_them() {
    let mut client = Client::of("Administrator");
    rule(&mut client, "pwdHistoryLength", "3");
    for again in ["Another-1", "Another-2", "Another-3"] {
        let mut client = Client::of("Administrator");
        rule(&mut client, "pwdHistoryLength", "3");
        let passwords = ["Passw0rd!ana", "Another-1", "Another-2", "Another-3", again];
        is(&changed(&mut client, &passwords), "19 0000052D");
    }
    // The oldest of three is forgotten with the fourth.
    let passwords = ["Passw0rd!ana", "Another-1", "Another-2", "Another-3", "Another-4", "Another-1"];
    assert_eq!(changed(&mut client, &passwords), "ok");
    // What an administrator sets may have been there, and what it takes the place of is remembered, too.
    assert_eq!(client.modify(ANA, ChangeKind::Replace, "unicodePwd", &[&quoted("Another-4")]), "ok");
    is(&changed(&mut client, &["Another-4", "Another-1"]), "19 0000052D");
    rule(&mut client, "pwdHistoryLength", "0");
    assert_eq!(changed(&mut client, &["Another-4", "Another-4", "Another-1"]), "ok");
    rule(&mut client, "pwdHistoryLength", "24");
    // Nothing was remembered meanwhile.
    assert_eq!(changed(&mut client, &["Another-1", "Another-4"]), "ok");
}

#[test]
fn remembered_passwords_are_nobodys_to_read_or_write() {
    let mut client = Client::of("Administrator");
    assert_eq!(changed(&mut client, &["Passw0rd!ana", "Another-1"]), "ok");
    assert!(client.values(ANA, "ntPwdHistory").is_empty() && client.finds("(ntPwdHistory=*)").is_empty());
    let hash = client.upstreams.read().directory.account("ACME\\ana").unwrap().earlier_hashes().next().unwrap();
    assert!(client.finds(&format!("(ntPwdHistory={hash})")).is_empty());
    is(&client.modify(ANA, ChangeKind::Replace, "ntPwdHistory", &[hash.as_bytes()]), "53 ntPwdHistory");
}

#[test]
fn a_new_password_may_have_to_last() {
    let mut client = Client::of("Administrator");
    // An hour.
    rule(&mut client, "minPwdAge", "-36000000000");
    is(&change(&mut client, ANA, "Passw0rd!ana", "Another-1"), "19 0000052D");
    client.pass(59);
    is(&change(&mut client, ANA, "Passw0rd!ana", "Another-1"), "19 0000052D");
    client.pass(1);
    assert_eq!(changed(&mut client, &["Passw0rd!ana", "Another-1"]), "ok");
    is(&change(&mut client, ANA, "Another-1", "Another-2"), "19 0000052D");
    // Who has to change it may.
    assert_eq!(client.modify(ANA, ChangeKind::Replace, "pwdLastSet", &[b"0"]), "ok");
    assert_eq!(changed(&mut client, &["Another-1", "Another-2"]), "ok");
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
