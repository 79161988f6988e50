//! How results are answered: pages, order, limits, attributes and their ranges, comparisons, controls.

use crate::protocols::ldap::control::PAGED_RESULTS;
use crate::protocols::ldap::control::SORT_REQUEST;
use crate::protocols::ldap::message::Add;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Compare;
use crate::protocols::ldap::message::Control;
use crate::protocols::ldap::message::Request;
use crate::protocols::ldap::message::Response;
use crate::protocols::ldap::message::Scope;
use crate::protocols::ldap::message::Search;
use crate::upstreams::active_directory::tests::Client;
use crate::upstreams::active_directory::tests::below;
use crate::upstreams::active_directory::tests::is;
use crate::upstreams::active_directory::tests::one;
use crate::upstreams::active_directory::tests::search;
use crate::upstreams::active_directory::tests::told;
use crate::upstreams::active_directory::tests::value;

fn page(size: u32, cookie: &[u8]) -> Control {
    Control { oid: PAGED_RESULTS.to_owned(), ..Control::page(size, cookie) }
}

fn sort(attribute: &str, reverse: bool, critical: bool) -> Control {
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let mut key = [&[4, length(attribute.as_bytes())], attribute.as_bytes()].concat();
    if reverse {
        key.extend(b"\x81\x01\xff");
    }
    let keys = [&[0x30, length(&key)], key.as_slice()].concat();
    let value = Some([&[0x30, length(&keys)], keys.as_slice()].concat());
    Control { oid: SORT_REQUEST.to_owned(), critical, value }
}

/// Accounts, how it ended, and the cookie.
fn ask(client: &mut Client, search: Search, controls: Vec<Control>) -> (Vec<String>, String, Vec<u8>) {
    let answers = client.answers(Request::Search(search), controls);
    let names = answers.iter().filter_map(|answer| match &answer.operation {
        Response::Entry(entry) => Some(value(entry, "sAMAccountName")),
        _ => None,
    });
    let controls = answers.iter().flat_map(|answer| &answer.controls);
    let cookie = controls.filter(|control| control.oid == PAGED_RESULTS).find_map(|it| it.page_request().ok());
    (names.collect(), told(answers.last()), cookie.map(|page| page.cookie).unwrap_or_default())
}

#[test]
fn pages_follow_each_other() {
    let mut client = Client::of("ana");
    let all = client.finds("(objectClass=user)");
    let (mut found, mut cookie, mut pages) = (Vec::new(), Vec::new(), 0);
    loop {
        let (names, said, next) = ask(&mut client, search("(objectClass=user)"), vec![page(3, &cookie)]);
        assert_eq!(said, "ok");
        found.extend(names);
        pages += 1;
        cookie = next;
        if cookie.is_empty() {
            break;
        }
    }
    assert_eq!((found.clone(), pages), (all, found.len().div_ceil(3)));
}

#[test]
fn a_cookie_is_for_one_page_of_one_search() {
    let mut client = Client::of("ana");
    let (_, _, cookie) = ask(&mut client, search("(objectClass=user)"), vec![page(1, b"")]);
    let (_, said, _) = ask(&mut client, search("(objectClass=group)"), vec![page(1, &cookie)]);
    is(&said, "53 cookie");
    let (_, said, _) = ask(&mut client, search("(objectClass=user)"), vec![page(1, b"nonsense")]);
    is(&said, "53 cookie");
    let (_, _, cookie) = ask(&mut client, search("(objectClass=user)"), vec![page(1, b"")]);
    // No page at all: the client has had enough.
    assert_eq!(ask(&mut client, search("(objectClass=user)"), vec![page(0, &cookie)]), (vec![], "ok".into(), vec![]));
    is(&ask(&mut client, search("(objectClass=user)"), vec![page(1, &cookie)]).1, "53 cookie");
    let (_, _, cookie) = ask(&mut client, search("(objectClass=user)"), vec![page(1, b"")]);
    assert_eq!(client.bind("ACME\\bo", "Passw0rd!bo"), "ok");
    is(&ask(&mut client, search("(objectClass=user)"), vec![page(1, &cookie)]).1, "53 cookie");
}

#[test]
fn results_are_sorted_before_they_are_cut() {
    let mut client = Client::of("ana");
    let filter = "(|(sn=Ruiz)(sn=Lind)(sAMAccountName=cenek))";
    let names = |answer: (Vec<String>, String, Vec<u8>)| answer.0.join(" ");
    assert_eq!(names(ask(&mut client, search(filter), vec![sort("sAMAccountName", true, true)])), "cenek bo ana");
    // Who has none comes last.
    assert_eq!(names(ask(&mut client, search(filter), vec![sort("sn", false, true)])), "bo ana cenek");
    let few = Search { size_limit: 1, ..search(filter) };
    let (found, said, _) = ask(&mut client, few.clone(), vec![sort("sAMAccountName", true, true)]);
    assert_eq!(found, ["cenek"]);
    is(&said, "4");
    let (found, _, cookie) = ask(&mut client, search(filter), vec![sort("sn", false, true), page(1, b"")]);
    assert!(found == ["bo"] && !cookie.is_empty());
}

#[test]
fn what_must_be_sorted_and_can_not_be_is_not_answered() {
    let mut client = Client::of("ana");
    let (found, said, _) = ask(&mut client, search("(sn=Ruiz)"), vec![sort("nonsense", false, true)]);
    assert!(found.is_empty());
    is(&said, "12 nonsense");
    let (found, said, _) = ask(&mut client, search("(sn=Ruiz)"), vec![sort("nonsense", false, false)]);
    assert_eq!((found, said), (vec!["ana".to_owned()], "ok".to_owned()));
}

#[test]
fn scopes_and_limits() {
    let mut client = Client::of("ana");
    let sales = |scope| Search { base: below("OU=Sales"), scope, ..search("(objectClass=*)") };
    let count = |client: &mut Client, scope| client.entries(sales(scope), Vec::new()).len();
    assert_eq!((count(&mut client, Scope::Base), count(&mut client, Scope::OneLevel)), (1, 6));
    assert_eq!(count(&mut client, Scope::Subtree), 7);
    let (found, said, _) = ask(&mut client, Search { size_limit: 2, ..sales(Scope::Subtree) }, Vec::new());
    assert_eq!(found.len(), 2);
    is(&said, "4");
    let nowhere = Search { base: below("CN=X,OU=Sales"), ..search("(cn=*)") };
    is(&client.ask(Request::Search(nowhere)), &format!("32 best match of:\n\t'{}'", below("OU=Sales")));
    let control = Control { oid: "1.2.3".to_owned(), critical: true, value: None };
    is(&ask(&mut client, search("(cn=*)"), vec![control]).1, "12 1.2.3");
}

#[test]
fn large_attributes_come_in_ranges() {
    let mut client = Client::of("Administrator");
    let members: Vec<_> = (0..1501).map(|number| below(&format!("CN={number},OU=Sales"))).collect();
    for dn in &members {
        let attributes = vec![one("objectClass", "contact")];
        assert_eq!(client.ask(Request::Add(Add { dn: dn.clone(), attributes })), "ok");
    }
    let values = members.iter().map(|dn| dn.as_bytes().into()).collect();
    let attributes = vec![one("objectClass", "group"), Attribute { name: "member".into(), values }];
    assert_eq!(client.ask(Request::Add(Add { dn: below("CN=Crowd"), attributes })), "ok");
    for (asked, name, count) in [
        ("member", "member;range=0-1499", 1500),
        ("member;range=1500-*", "member;range=1500-*", 1),
        ("member;range=10-19", "member;range=10-19", 10),
        ("member;Range=1499-9999", "member;range=1499-*", 2),
        ("*", "member;range=0-1499", 1500),
    ] {
        let search = Search { attributes: vec![asked.to_owned()], ..search("(cn=Crowd)") };
        let entries = client.entries(search, Vec::new());
        let found = entries[0].attributes.iter().find(|attribute| attribute.name.starts_with("member")).unwrap();
        assert_eq!((&*found.name, found.values.len()), (name, count), "{asked}");
    }
    // And no more than a thousand entries.
    let (found, said, _) = ask(&mut client, search("(objectClass=contact)"), Vec::new());
    assert_eq!(found.len(), 1000);
    is(&said, "4");
}

#[test]
fn comparisons() {
    let mut client = Client::of("ana");
    for (attribute, value, expected) in [
        ("sn", "RUIZ", "6"),
        ("sn", "Lind", "5"),
        ("memberOf", "cn=team,dc=acme,dc=example", "6"),
        ("pager", "1", "16 00002085"),
        ("nonsense", "1", "16 00000057"),
        ("userAccountControl", "many", "21"),
    ] {
        let (dn, attribute, value) = (below("CN=Ana Ruiz,OU=Sales"), attribute.to_owned(), value.as_bytes().to_vec());
        is(&client.ask(Request::Compare(Compare { dn, attribute, value })), expected);
    }
}

#[test]
fn the_schema_says_what_each_class_has() {
    let mut client = Client::of("ana");
    let schema = "CN=Aggregate,CN=Schema,CN=Configuration";
    let classes = client.values(schema, "objectClasses");
    let group = classes.iter().find(|class| class.contains("'group'")).unwrap();
    assert!(group.contains(" SUP top STRUCTURAL MUST ( groupType $ sAMAccountName ) MAY ( cn $ member $"), "{group}");
    let types = client.values(schema, "attributeTypes");
    for name in ["sAMAccountName", "anr", "attributeTypes", "objectClasses", "createTimeStamp"] {
        assert!(types.iter().any(|one| one.contains(&format!(" NAME '{name}' "))), "{name}");
    }
}
