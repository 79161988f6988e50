//! The indexes are only a shorter way: what they lead to is what a walk over all entries finds.

use crate::upstreams::active_directory::matching::Test;
use crate::upstreams::active_directory::tests::Client;
use crate::upstreams::active_directory::tests::below;
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
