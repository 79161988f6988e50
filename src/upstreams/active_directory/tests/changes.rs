//! What may be changed, by whom, and what follows from it.

use crate::protocols::ldap::control::PERMISSIVE_MODIFY;
use crate::protocols::ldap::control::TREE_DELETE;
use crate::protocols::ldap::message::Add;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Change;
use crate::protocols::ldap::message::ChangeKind;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::message::Modify;
use crate::protocols::ldap::message::ModifyDn;
use crate::protocols::ldap::message::Request;
use crate::upstreams::active_directory::tests::Client;
use crate::upstreams::active_directory::tests::below;
use crate::upstreams::active_directory::tests::is;
use crate::upstreams::active_directory::tests::one;
use crate::upstreams::active_directory::tests::told;

const ANA: &str = "CN=Ana Ruiz,OU=Sales";

fn add(client: &mut Client, step: &str, attributes: &[(&str, &str)]) -> String {
    let attributes: Vec<Attribute> = attributes.iter().map(|(name, value)| one(name, value)).collect();
    client.ask(Request::Add(Add { dn: below(step), attributes }))
}

pub(super) fn rename(client: &mut Client, step: &str, new: &str, superior: Option<&str>) -> String {
    let new_superior = superior.map(below);
    let asked = ModifyDn { dn: below(step), new_rdn: new.to_owned(), delete_old_rdn: true, new_superior };
    client.ask(Request::ModifyDn(asked))
}

fn with(client: &mut Client, oid: &str, operation: Request) -> String {
    let control = Control { oid: oid.to_owned(), critical: true, value: None };
    told(client.answers(operation, vec![control]).last())
}

#[test]
fn only_administrators_write() {
    let mut ana = Client::of("ana");
    for answer in [
        add(&mut ana, "CN=X", &[("objectClass", "contact")]),
        ana.modify(ANA, ChangeKind::Replace, "title", &[b"CEO"]),
        ana.modify("CN=Team", ChangeKind::Add, "member", &[below("CN=New,OU=Sales").as_bytes()]),
        rename(&mut ana, ANA, "CN=X", None),
        ana.ask(Request::Delete(below(ANA))),
    ] {
        is(&answer, "50 00002098: SecErr");
    }
    let mut administrator = Client::of("Administrator");
    let domain_admins = "CN=Domain Admins,CN=Users";
    assert_eq!(administrator.modify(domain_admins, ChangeKind::Add, "member", &[below("CN=House").as_bytes()]), "ok");
    // By way of others is enough.
    assert_eq!(administrator.bind("ACME\\bo", "Passw0rd!bo"), "ok");
    assert_eq!(administrator.modify(ANA, ChangeKind::Replace, "title", &[b"CEO"]), "ok");
}

#[test]
fn what_can_not_be_added_is_refused() {
    let mut client = Client::of("Administrator");
    let user = ("objectClass", "user");
    for (step, attributes, expected) in [
        (ANA, &[user][..], "68 00002071"),
        ("CN=X,OU=Nowhere", &[user], "32 0000208D"),
        ("CN=X,OU=Sales", &[], "65 OBJ_CLASS_VIOLATION"),
        ("CN=X", &[("objectClass", "nonsense")], "65 OBJ_CLASS_VIOLATION"),
        ("CN=X", &[user, ("nonsense", "1")], "16 00000057"),
        ("CN=X", &[user, ("sAMAccountName", "ANA")], "68"),
        ("CN=X", &[user, ("userPrincipalName", "ana@acme.example")], "19 000021C8"),
        ("CN=X", &[user, ("objectSid", "1")], "53 0000209A"),
        ("CN=X", &[user, ("memberOf", "CN=Team")], "53 0000209A"),
        ("CN=X", &[user, ("member", "CN=Team,DC=acme,DC=example")], "65 no member"),
        ("CN=X", &[user, ("countryCode", "many")], "21"),
        ("CN=X", &[user, ("sn", "")], "21"),
        ("CN=X", &[user, ("userPassword", "weak")], "53 0000052D"),
        ("CN=X", &[user, ("userAccountControl", "512")], "53 0000052D"),
        ("OU=X", &[user], "65 must have cn"),
        ("CN=X", &[("objectClass", "organizationalUnit")], "65 must have ou"),
        ("CN=X", &[("objectClass", "group"), ("member", "CN=Nobody,DC=acme,DC=example")], "32"),
        ("nonsense", &[user], "34"),
    ] {
        is(&add(&mut client, step, attributes), expected);
    }
    assert!(client.finds("(cn=X)").is_empty());
}

#[test]
fn what_is_missing_is_added_by_the_server() {
    let mut client = Client::of("Administrator");
    assert_eq!(add(&mut client, "CN=A rather long name: of 26,OU=Sales", &[("objectClass", "user")]), "ok");
    let step = "CN=A rather long name: of 26,OU=Sales";
    assert_eq!(client.values(step, "sAMAccountName"), ["A rather long name o"]);
    assert_eq!(client.values(step, "userAccountControl"), ["546"]);
    assert_eq!(client.values(step, "objectClass"), ["top", "person", "organizationalPerson", "user"]);
    assert_eq!(client.values(step, "primaryGroupID"), ["513"]);
    assert_eq!(client.values(step, "whenCreated"), ["20300317174640.0Z"]);
    assert_eq!(add(&mut client, "CN=PC", &[("objectClass", "computer")]), "ok");
    assert_eq!(client.values("CN=PC", "sAMAccountName"), ["PC$"]);
    assert_eq!(client.values("CN=PC", "userAccountControl"), ["4130"]);
}

#[test]
fn values_are_added_deleted_replaced_and_counted() {
    let mut client = Client::of("Administrator");
    let proxy = "proxyAddresses";
    assert_eq!(client.modify(ANA, ChangeKind::Add, proxy, &[b"a", b"b"]), "ok");
    is(&client.modify(ANA, ChangeKind::Add, proxy, &[b"A"]), "20 00002083");
    is(&client.modify(ANA, ChangeKind::Add, proxy, &[b"c", b"C"]), "20");
    assert_eq!(client.modify(ANA, ChangeKind::Delete, proxy, &[b"A"]), "ok");
    is(&client.modify(ANA, ChangeKind::Delete, proxy, &[b"a"]), "16 00002085");
    assert_eq!(client.values(ANA, proxy), ["b"]);
    assert_eq!(client.modify(ANA, ChangeKind::Delete, proxy, &[]), "ok");
    is(&client.modify(ANA, ChangeKind::Delete, proxy, &[]), "16");
    is(&client.modify(ANA, ChangeKind::Add, "title", &[b"a", b"b"]), "19 00002082");
    assert_eq!(client.modify(ANA, ChangeKind::Replace, "countryCode", &[b"620"]), "ok");
    assert_eq!(client.modify(ANA, ChangeKind::Increment, "countryCode", &[b"-20"]), "ok");
    assert_eq!(client.values(ANA, "countryCode"), ["600"]);
    is(&client.modify(ANA, ChangeKind::Increment, "uidNumber", &[b"1"]), "16");
    assert_eq!(client.modify(ANA, ChangeKind::Replace, "sn", &[]), "ok");
    assert!(client.values(ANA, "sn").is_empty());
}

#[test]
fn some_attributes_have_rules_of_their_own() {
    let mut client = Client::of("Administrator");
    for (name, value, expected) in [
        ("objectClass", "group", "53"),
        ("cn", "Other", "67 CANT_ON_RDN"),
        ("pwdLastSet", "17", "53"),
        ("lockoutTime", "17", "53"),
        ("logonCount", "17", "53"),
        ("distinguishedName", "CN=X", "53"),
        ("sAMAccountName", "bo", "68"),
        ("member", "CN=Team,DC=acme,DC=example", "65"),
        ("manager", "CN=Nobody,DC=acme,DC=example", "32"),
    ] {
        is(&client.modify(ANA, ChangeKind::Replace, name, &[value.as_bytes()]), expected);
    }
    is(&client.modify(ANA, ChangeKind::Replace, "sAMAccountName", &[]), "53");
    is(&client.modify("CN=Nobody", ChangeKind::Replace, "title", &[b"x"]), "32");
    assert_eq!(client.modify(ANA, ChangeKind::Replace, "pwdLastSet", &[b"0"]), "ok");
    is(&client.bind("ACME\\ana", "Passw0rd!ana"), "49 data 773,");
}

#[test]
fn all_changes_are_made_or_none() {
    let mut client = Client::of("Administrator");
    let change = |kind, name: &str, value: &str| Change { kind, attribute: one(name, value) };
    let changes = vec![change(ChangeKind::Replace, "title", "CEO"), change(ChangeKind::Add, "sn", "Second")];
    is(&client.ask(Request::Modify(Modify { dn: below(ANA), changes })), "19");
    assert!(client.values(ANA, "title").is_empty());
    let changes = vec![change(ChangeKind::Add, "proxyAddresses", "a"), change(ChangeKind::Add, "proxyAddresses", "A")];
    let modify = Request::Modify(Modify { dn: below(ANA), changes });
    is(&client.ask(modify.clone()), "20");
    assert_eq!(with(&mut client, PERMISSIVE_MODIFY, modify), "ok");
    assert_eq!(client.values(ANA, "proxyAddresses"), ["a"]);
}

#[test]
fn members_stay_right_whatever_happens_to_either() {
    let mut client = Client::of("Administrator");
    is(&client.modify("CN=Team", ChangeKind::Add, "member", &[below(ANA).as_bytes()]), "68 00000562");
    assert_eq!(rename(&mut client, "OU=Sales", "OU=Sold", None), "ok");
    assert_eq!(client.values("CN=Ana Ruiz,OU=Sold", "memberOf"), [below("CN=Team")]);
    assert_eq!(rename(&mut client, "CN=Ana Ruiz,OU=Sold", "CN=Anna\\, R", Some("CN=Users")), "ok");
    assert_eq!(client.values("CN=Team", "member")[0], below("CN=Anna\\, R,CN=Users"));
    assert_eq!(client.values("CN=Anna\\, R,CN=Users", "name"), ["Anna, R"]);
    assert_eq!(rename(&mut client, "CN=Team", "CN=Crew", None), "ok");
    assert_eq!(client.values("CN=Anna\\, R,CN=Users", "memberOf"), [below("CN=Crew")]);
    assert_eq!(client.ask(Request::Delete(below("CN=Crew"))), "ok");
    assert!(client.values("CN=Anna\\, R,CN=Users", "memberOf").is_empty());
    assert!(client.values("CN=House", "member").is_empty());
    is(&client.modify("CN=House", ChangeKind::Delete, "member", &[below("CN=World").as_bytes()]), "53 00000561");
}

#[test]
fn names_that_can_not_be_are_refused() {
    let mut client = Client::of("Administrator");
    is(&rename(&mut client, ANA, "CN=Bo Lind", None), "68");
    is(&rename(&mut client, ANA, "OU=Ana", None), "34");
    is(&rename(&mut client, ANA, "CN=A+CN=B", None), "34");
    is(&rename(&mut client, ANA, "nonsense", None), "34");
    is(&rename(&mut client, ANA, "CN=Ana", Some("OU=Nowhere")), "32");
    is(&rename(&mut client, "OU=Sales", "OU=Sales", Some("OU=Sales")), "53 below itself");
    is(&rename(&mut client, "CN=Users", "CN=People", None), "53");
    is(&rename(&mut client, "CN=Nobody", "CN=Somebody", None), "32");
    // The same name in other letters is no other entry's.
    assert_eq!(rename(&mut client, ANA, "CN=ANA RUIZ", None), "ok");
    let (dn, new_rdn) = (below(ANA), "CN=A".to_owned());
    let kept = ModifyDn { dn, new_rdn, delete_old_rdn: false, new_superior: None };
    is(&client.ask(Request::ModifyDn(kept)), "53 deleteoldrdn");
}

#[test]
fn what_is_needed_is_not_deleted() {
    let mut client = Client::of("Administrator");
    is(&client.ask(Request::Delete(below("OU=Sales"))), "66 00002015");
    is(&client.ask(Request::Delete(below("CN=Domain Users,CN=Users"))), "53");
    is(&client.ask(Request::Delete(below("CN=Administrator,CN=Users"))), "53");
    is(&with(&mut client, TREE_DELETE, Request::Delete(below("CN=Users"))), "53");
    is(&client.ask(Request::Delete(below("CN=Nobody"))), "32");
    assert_eq!(with(&mut client, TREE_DELETE, Request::Delete(below("OU=Sales"))), "ok");
    assert!(client.finds("(sn=*)").is_empty() && client.values("CN=Team", "member").is_empty());
}
