//! What filters find.

use crate::upstreams::active_directory::tests::BASE;
use crate::upstreams::active_directory::tests::Client;
use crate::upstreams::active_directory::tests::below;

#[track_caller]
fn finds(filter: &str, expected: &str) {
    let mut found = Client::of("ana").finds(filter);
    found.sort();
    assert_eq!(found.join(" "), expected, "{filter}");
}

#[test]
fn every_kind_of_filter() {
    finds("(sAMAccountName=ANA)", "ana");
    finds("(givenName~=ana)", "ana");
    finds("(mail=ana@*)", "ana");
    finds("(mail=*@acme*)", "ana");
    finds("(sn=*i*)", "ana bo");
    finds("(sn=*uiz)", "ana");
    finds("(sn=r*ui*z)", "ana");
    finds("(sn=ru*uiz)", "");
    finds("(&(mail=*)(objectClass=user))", "ana");
    finds("(&(employeeNumber>=7)(employeeNumber<=7))", "bo");
    finds("(&(objectClass=user)(sn=*)(!(sn=Lind)))", "ana");
    finds("(|(sn=Lind)(mail=ana@acme.example))", "ana bo");
    finds("(|)", "");
    finds("(cn=\u{10d}en\u{11b}k \\2a\\28x\\29\\5c)", "cenek");
    finds("(userPrincipalName:=bo@acme.example)", "bo");
    finds(&format!("(distinguishedName={})", below("cn=bo lind,ou=sales")), "bo");
}

#[test]
fn bits_of_numbers() {
    finds("(&(sAMAccountName=c*)(userAccountControl:1.2.840.113556.1.4.803:=514))", "cenek");
    finds("(&(sAMAccountName=ana)(userAccountControl:1.2.840.113556.1.4.803:=514))", "");
    finds("(&(sAMAccountName=ana)(userAccountControl:1.2.840.113556.1.4.804:=514))", "ana");
    finds("(&(sAMAccountName=ana)(userAccountControl:1.2.840.113556.1.4.804:=2))", "");
    finds("(&(sAMAccountName=Team)(groupType:1.2.840.113556.1.4.803:=2147483648))", "Team");
    // What is not a number is neither.
    finds("(userAccountControl:1.2.840.113556.1.4.803:=many)", "");
    finds("(!(userAccountControl:1.2.840.113556.1.4.803:=many))", "");
    finds("(sn:1.2.840.113556.1.4.803:=1)", "");
}

#[test]
fn links_and_chains_of_them() {
    let (ana, team, world) = (below("CN=Ana Ruiz,OU=Sales"), below("CN=Team"), below("CN=World"));
    finds(&format!("(member={ana})"), "Team");
    finds(&format!("(memberOf={team})"), "ana bo");
    finds(&format!("(member:1.2.840.113556.1.4.1941:={ana})"), "House Team World");
    finds(&format!("(memberOf:1.2.840.113556.1.4.1941:={world})"), "House Team World ana bo");
    finds(&format!("(member=CN=Nobody,{BASE})"), "");
    finds("(member=nonsense)", "");
    finds("(&(member=*)(sAMAccountName=H*))", "House");
    finds("(sn:1.2.840.113556.1.4.1941:=x)", "");
}

#[test]
fn what_is_not_known_is_neither_true_nor_false() {
    finds("(nonsense=1)", "");
    finds("(!(nonsense=1))", "");
    finds("(nonsense=*)", "");
    finds("(|(nonsense=1)(sn=Ruiz))", "ana");
    finds("(!(|(nonsense=1)(sn=Ruiz)))", "");
    finds("(!(&(nonsense=1)(sn=Ruiz)))", &without_ruiz());
    finds("(&(!(nonsense=1))(sn=Ruiz))", "");
}

/// Everybody but Ana: of them one part of the "and" is false, so it is.
fn without_ruiz() -> String {
    let mut client = Client::of("ana");
    let mut all = client.finds("(!(sn=Ruiz))");
    all.sort();
    all.join(" ")
}

#[test]
fn ambiguous_names() {
    finds("(anr=ana)", "ana");
    finds("(anr=An*)", "ana");
    finds("(anr=ruiz)", "ana");
    finds("(anr=ana ru)", "ana");
    finds("(anr=ruiz an)", "ana");
    finds("(anr=ana li)", "");
    finds("(&(anr=b)(objectClass=user))", "bo");
    finds("(anr=)", "");
}

#[test]
fn categories_have_short_names() {
    finds("(&(objectCategory=person)(sn=*))", "ana bo");
    finds("(&(objectCategory=PERSON)(sn=Ruiz))", "ana");
    finds("(&(objectCategory=user)(sn=Ruiz))", "ana");
    finds("(&(objectCategory=group)(member=*)(cn=T*))", "Team");
    finds(&format!("(&(objectCategory=CN=Person,CN=Schema,CN=Configuration,{BASE})(sn=Ruiz))"), "ana");
    finds("(objectCategory=nonsense)", "");
}

#[test]
fn bytes_of_identifiers() {
    let state = Client::new().upstreams.read();
    let ana = state.directory.account("ACME\\ana").unwrap();
    for name in ["objectGUID", "objectSid"] {
        let escaped: Vec<_> = ana.values(name)[0].iter().map(|byte| format!("\\{byte:02x}")).collect();
        let escaped = escaped.concat();
        // The same seed makes the same identifiers.
        finds(&format!("({name}={escaped})"), "ana");
    }
    finds("(objectGUID=\\01)", "");
}
