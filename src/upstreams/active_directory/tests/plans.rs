//! The indexes are only a shorter way: what they lead to is what a walk over all entries finds.

use crate::protocols::ldap::message::Scope;
use crate::protocols::ldap::message::Search;
use crate::time::Rng;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::editor::Writer;
use crate::upstreams::active_directory::matching::Test;
use crate::upstreams::active_directory::tests::Client;
use crate::upstreams::active_directory::tests::below;
use crate::upstreams::active_directory::tests::one;
use crate::upstreams::active_directory::tests::search;
use crate::upstreams::active_directory::view::View;

#[test]
fn candidates_agree_with_a_full_walk() {
    let client = Client::new();
    let state = client.upstreams.read();
    let view = View { directory: &state.directory, now: client.upstreams.now() };
    let leaves = [
        "(sAMAccountName=ana)".to_owned(),
        "(sAMAccountName=a*)".to_owned(),
        "(sn=*u*)".to_owned(),
        "(anr=ana ru)".to_owned(),
        "(objectClass=user)".to_owned(),
        "(nonsense=1)".to_owned(),
        "(cn=*)".to_owned(),
        format!("(memberOf={})", below("CN=Team")),
        format!("(member:1.2.840.113556.1.4.1941:={})", below("CN=Ana Ruiz,OU=Sales")),
        "(userAccountControl:1.2.840.113556.1.4.803:=2)".to_owned(),
    ];
    let base = state.directory.entry(state.directory.domain().unwrap().id).unwrap();
    let mut with_index = 0;
    for one in &leaves {
        for other in &leaves {
            for filter in [
                format!("(&{one}{other})"),
                format!("(|{one}{other})"),
                format!("(&{one}(!{other}))"),
                format!("(|(&{one}{other})(!{one}))"),
            ] {
                let test: Test = view.test(&filter.parse().unwrap());
                let mut walked: Vec<_> = state.directory.within(base).map(|entry| entry.id).collect();
                walked.retain(|id| view.passes(state.directory.entry(*id).unwrap(), &test) == Some(true));
                walked.sort_unstable();
                let Some(mut found) = view.candidates(&test) else { continue };
                with_index += 1;
                found.retain(|id| view.passes(state.directory.entry(*id).unwrap(), &test) == Some(true));
                assert_eq!(found, walked, "{filter}");
            }
        }
    }
    assert!(with_index > 100, "{with_index}");
}

#[test]
fn a_search_is_quick_if_an_index_leads_to_a_few_entries() {
    let client = Client::new();
    let named = |number: u32| {
        let attributes = [one("objectClass", "user"), one("sn", if number < 101 { "Many" } else { "Few" })];
        client.upstreams.write(|draft| {
            let (now, mut rng) = (draft.now, Rng::from_key(draft.rng().key()));
            let mut editor = Editor { directory: &mut draft.directory, now, rng: &mut rng, writer: Writer::Setup };
            let named = [one("sAMAccountName", &format!("p{number}"))];
            editor.add(&below(&format!("CN=P{number},OU=Sales")), &[&attributes[..], &named].concat())
        })
    };
    for number in 0..201 {
        named(number).unwrap();
    }
    let is_quick = |scope, filter: &str| client.session.is_quick(&Search { scope, ..search(filter) });
    let long = format!("(&(sn=few){})", "(cn=*)".repeat(63));
    for (filter, expected) in [
        ("(sAMAccountName=p1)", true),
        ("(sAMAccountName=nobody)", true),
        ("(sn=few)", true),
        ("(sn=many)", false),
        ("(&(sn=many)(sAMAccountName=p1))", true),
        ("(&(sn=many)(cn=*))", false),
        ("(|(sAMAccountName=p1)(sAMAccountName=p2))", true),
        ("(|(sn=few)(sAMAccountName=p1))", false),
        ("(|(sn=few)(title=x))", false),
        ("(objectClass=user)", false),
        ("(department=x)", false),
        ("(sn=f*)", false),
        ("(!(sn=few))", false),
        ("(&(sAMAccountName=p1)(memberOf:1.2.840.113556.1.4.1941:=CN=World,DC=acme,DC=example))", false),
        (long.as_str(), false),
    ] {
        assert_eq!(is_quick(Scope::Subtree, filter), expected, "{filter}");
    }
    assert!(is_quick(Scope::Base, "(objectClass=user)") && !is_quick(Scope::Base, &long));
}
