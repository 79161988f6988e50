"""Python's ldap3 against a fork's Active Directory, as a script of an administrator uses it."""

import json
import os
import ssl
import sys
import traceback
import urllib.request

from ldap3 import ALL, BASE, DEREF_NEVER, LEVEL, MODIFY_ADD, MODIFY_DELETE, MODIFY_REPLACE, PLAIN, SASL, SUBTREE
from ldap3 import Connection, ObjectDef, Reader, Server, Tls
from ldap3.core.exceptions import LDAPBindError, LDAPException
from ldap3.extend.microsoft.addMembersToGroups import ad_add_members_to_groups
from ldap3.extend.microsoft.removeMembersFromGroups import ad_remove_members_from_groups
from ldap3.extend.microsoft.unlockAccount import ad_unlock_account
from ldap3.utils.conv import escape_bytes, escape_filter_chars

DOMAIN = "DC=acme,DC=example"
PEOPLE = f"OU=Engineering,{DOMAIN}"
JOHN = f"CN=John Doe,{PEOPLE}"
failed = False


def post(url, body):
    data = json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, {"content-type": "application/json"})) as answer:
        return json.load(answer)


TENANT = post(f"{os.environ['TENANT_HTTP']}/_impostor/tenants", {"from": "acme", "ldap": True})
TLS = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=os.environ["SSL_CERT_FILE"])


def server(port="ldap"):
    return Server("localhost", TENANT[port], use_ssl=port == "ldaps", tls=TLS, get_info=ALL)


def bound(port="ldap", who="jdoe@acme.example", password="Passw0rd!jdoe", **more):
    return Connection(server(port), who, password, auto_bind=True, **more)


def administrator(port="ldaps", **more):
    return bound(port, "ACME\\Administrator", "Passw0rd!Administrator", **more)


def names(connection, search_filter, scope=SUBTREE, base=DOMAIN):
    assert connection.search(base, search_filter, scope, attributes=["cn"]) or connection.result["result"] == 0, connection.result
    return sorted(entry.cn.value for entry in connection.entries)


def done(connection, answer):
    assert answer, connection.result


def refused(connection, answer, code, text=""):
    assert not answer and connection.result["result"] == code and text in connection.result["message"], connection.result


def check(name, body):
    global failed
    try:
        body()
        print(f"ok - ldap3: {name}", flush=True)
    except Exception:
        failed = True
        print(f"not ok - ldap3: {name}\n{traceback.format_exc()}", flush=True)


def knows_the_schema():
    connection = bound()
    info, schema = connection.server.info, connection.server.schema
    assert DOMAIN in info.naming_contexts and info.other["defaultNamingContext"] == [DOMAIN], info
    assert "sAMAccountName" in schema.attribute_types and schema.attribute_types["sAMAccountName"].single_value
    assert "user" in schema.object_classes
    assert "1.2.840.113556.1.4.319" in str(info.supported_controls)
    assert "1.3.6.1.4.1.4203.1.11.1" in str(info.supported_extensions)
    assert info.supported_sasl_mechanisms == ["PLAIN"], info.supported_sasl_mechanisms
    # Only what works is said.
    for unknown in ["1.3.6.1.4.1.1466.101.119.1", "1.3.6.1.1.21.1"]:
        refused(connection, connection.extended(unknown), 2)


def goes_over_to_tls():
    connection = Connection(server(), "ACME\\jdoe", "Passw0rd!jdoe")
    assert connection.start_tls() and connection.bind(), connection.result
    assert connection.extend.standard.who_am_i() == "u:ACME\\jdoe"
    assert bound("ldaps").bound


def is_who_it_says():
    for who in [JOHN, JOHN.lower(), "jdoe@acme.example", "JDOE@ACME.EXAMPLE", "ACME\\jdoe", "acme.example\\jdoe"]:
        assert bound(who=who).extend.standard.who_am_i() == "u:ACME\\jdoe", who
    sasl = Connection(server("ldaps"), authentication=SASL, sasl_mechanism=PLAIN, sasl_credentials=(None, "jdoe", "Passw0rd!jdoe"))
    assert sasl.bind() and sasl.extend.standard.who_am_i() == "u:ACME\\jdoe", sasl.result
    connection = bound()
    assert connection.rebind("ACME\\zmueller", "Passw0rd!zmueller"), connection.result
    assert connection.extend.standard.who_am_i() == "u:ACME\\zmueller"


def is_told_why():
    try:
        Connection(server(), "ACME\\jdoe", "wrong", auto_bind=True)
    except LDAPBindError:
        pass
    else:
        raise AssertionError("bound with a wrong password")
    for who, code in [("ddisabled", "533"), ("eexpired", "701"), ("sstale", "532"), ("nnew", "773"), ("llocked", "775"), ("nobody", "52e")]:
        connection = Connection(server(), f"ACME\\{who}", f"Passw0rd!{who}")
        assert not connection.bind() and f"data {code}," in connection.result["message"], connection.result
    # After a bind that failed one is nobody.
    connection = bound()
    assert not connection.rebind("ACME\\jdoe", "wrong")
    refused(connection, connection.search(DOMAIN, "(cn=*)"), 1, "000004DC")


def finds_what_is_binary():
    connection = bound()
    connection.search(DOMAIN, "(sAMAccountName=jdoe)", attributes=["objectGUID", "objectSid", "whenCreated", "pwdLastSet", "accountExpires", "memberOf"])
    john, raw = connection.entries[0], connection.response[0]["raw_attributes"]
    assert john.objectGUID.value == "{01010101-0202-0303-0404-050505050505}", john
    assert john.objectSid.value.startswith("S-1-5-21-"), john
    assert john.whenCreated.value.year > 2000 and john.pwdLastSet.value.year > 2000 and john.accountExpires.value.year == 9999, john
    assert len(john.memberOf) == 2, john
    assert names(connection, f"(objectGUID={escape_bytes(raw['objectGUID'][0])})") == ["John Doe"]
    assert names(connection, f"(objectSid={escape_bytes(raw['objectSid'][0])})") == ["John Doe"]
    assert names(connection, f"(objectSid={john.objectSid.value})") == ["John Doe"]


def finds_by_every_kind_of_filter():
    connection = bound()
    for search_filter, found in [
        ("(sAMAccountName=JDOE)", ["John Doe"]),
        ("(cn=J*n*Doe)", ["John Doe"]),
        ("(&(objectCategory=person)(sn=Doe))", ["John Doe"]),
        ("(|(sn=Doe)(cn=Zoë*))", ["John Doe", "Zoë Müller"]),
        ("(&(cn=Staff)(!(member=*)))", []),
        ("(&(cn=B*)(objectCategory=group)(managedBy=*))", ["Backend"]),
        ("(&(pwdLastSet>=1)(pwdLastSet<=132223104000000000))", ["Stan Stale"]),
        ("(givenName~=john)", ["John Doe"]),
        ("(anr=Zoë Mü)", ["Zoë Müller"]),
        ("(userAccountControl:1.2.840.113556.1.4.803:=514)", ["Dana Disabled", "Guest"]),
        ("(&(cn=*d)(userAccountControl:1.2.840.113556.1.4.804:=66))", ["Dana Disabled"]),
        (f"(member:1.2.840.113556.1.4.1941:={JOHN})", ["Backend", "Engineering", "Staff", "VPN Users"]),
        ("(userPrincipalName:=jdoe@acme.example)", ["John Doe"]),
        (f"(cn={escape_filter_chars('*)(cn=*')})", []),
    ]:
        assert names(connection, search_filter) == found, (search_filter, names(connection, search_filter))
    assert names(connection, "(cn=*)", BASE, JOHN) == ["John Doe"]
    assert "John Doe" in names(connection, "(cn=*)", LEVEL, PEOPLE) and names(connection, "(sn=Doe)", LEVEL) == []


def objects():
    connection = bound()
    person = ObjectDef(["user"], connection)
    found = Reader(connection, person, DOMAIN, "(sAMAccountName=zmueller)", attributes=["cn", "displayName", "directReports"]).search()
    assert found[0].displayName == "Zoë Müller" and found[0].directReports == JOHN, found


def pages():
    connection = bound()
    search = {"search_base": DOMAIN, "search_filter": "(objectClass=*)", "search_scope": SUBTREE, "attributes": ["cn"]}
    found = connection.extend.standard.paged_search(paged_size=3, generator=False, **search)
    paged = [entry["dn"] for entry in found if entry["type"] == "searchResEntry"]
    assert len(paged) > 6 and len(set(paged)) == len(paged), paged
    connection.search(**search)
    assert sorted(paged) == sorted(entry["dn"] for entry in connection.response), paged
    connection.search(**search, paged_size=3)
    cookie = connection.result["controls"]["1.2.840.113556.1.4.319"]["value"]["cookie"]
    assert cookie and not connection.search(**(search | {"search_filter": "(cn=*)"}), paged_size=3, paged_cookie=cookie)
    refused(connection, False, 53)


def limits():
    connection = bound()
    refused(connection, connection.search(DOMAIN, "(objectClass=*)", size_limit=2) and False, 4)
    assert len(connection.entries) == 2
    refused(connection, connection.search(f"OU=nowhere,{PEOPLE}", "(cn=*)"), 32, "0000208D")
    assert connection.result["dn"] == PEOPLE, connection.result
    done(connection, connection.search(DOMAIN, "(sn=Doe)", dereference_aliases=DEREF_NEVER, time_limit=5, types_only=True, attributes=["sn"]))


def a_persons_life():
    connection, dn = administrator(), f"CN=Bob Builder,{PEOPLE}"
    done(connection, connection.add(dn, ["user"], {"sAMAccountName": "bbuilder", "userPrincipalName": "bob@acme.example", "sn": "Builder"}))
    refused(connection, connection.add(dn, ["user"]), 68)
    refused(connection, connection.extend.microsoft.modify_password(dn, "short"), 53, "0000052D")
    done(connection, connection.extend.microsoft.modify_password(dn, "Can-we-fix-it-1"))
    done(connection, connection.modify(dn, {"userAccountControl": [(MODIFY_REPLACE, [512])]}))
    bob = bound("ldaps", "bob@acme.example", "Can-we-fix-it-1")
    refused(bob, bob.extend.microsoft.modify_password(dn, "Yes-we-can-2", "wrong"), 19, "00000056")
    done(bob, bob.extend.microsoft.modify_password(dn, "Yes-we-can-2", "Can-we-fix-it-1"))
    refused(bob, bob.modify(dn, {"title": [(MODIFY_REPLACE, ["CEO"])]}), 50)
    assert bound(who="ACME\\bbuilder", password="Yes-we-can-2").bound
    done(bob, bob.extend.standard.modify_password(old_password="Yes-we-can-2", new_password="No-we-can-t-3"))
    made_up = connection.extend.standard.modify_password(dn)
    assert isinstance(made_up, str) and bound(who="ACME\\bbuilder", password=made_up).bound, connection.result
    done(connection, connection.modify(dn, {"title": [(MODIFY_ADD, ["CEO"])], "proxyAddresses": [(MODIFY_ADD, ["smtp:a@b.example", "smtp:c@b.example"])]}))
    done(connection, connection.modify(dn, {"proxyAddresses": [(MODIFY_DELETE, ["SMTP:A@b.example"])], "manager": [(MODIFY_REPLACE, [JOHN])]}))
    done(connection, connection.compare(dn, "proxyAddresses", "smtp:c@b.example"))
    assert not connection.compare(dn, "title", "CTO") and connection.result["result"] == 5, connection.result
    assert names(connection, f"(manager={JOHN})") == ["Bob Builder"]
    done(connection, connection.modify_dn(dn, "CN=Robert Builder", new_superior=f"CN=Users,{DOMAIN}"))
    refused(connection, connection.modify_dn(f"CN=Robert Builder,CN=Users,{DOMAIN}", "CN=Minimal"), 68)
    assert names(connection, "(sAMAccountName=bbuilder)", LEVEL, f"CN=Users,{DOMAIN}") == ["Robert Builder"]
    done(connection, connection.delete(f"CN=Robert Builder,CN=Users,{DOMAIN}"))
    assert names(connection, "(sAMAccountName=bbuilder)") == []


def needs_tls_for_passwords():
    connection = administrator("ldap")
    refused(connection, connection.extend.microsoft.modify_password(JOHN, "Some-Secret-1"), 53, "0000001F")
    connection.start_tls()
    connection.rebind("ACME\\Administrator", "Passw0rd!Administrator")
    zoe = f"CN=Zoë Müller,{PEOPLE}"
    done(connection, connection.extend.microsoft.modify_password(zoe, "Some-Secret-1"))
    assert bound(who=zoe, password="Some-Secret-1").bound


def groups():
    connection = administrator()
    group, minimal = f"CN=VPN Users,CN=Users,{DOMAIN}", f"CN=Minimal,CN=Users,{DOMAIN}"
    done(connection, ad_add_members_to_groups(connection, [minimal], [group]))
    assert names(connection, f"(&(memberOf={group})(objectClass=user))") == ["John Doe", "Minimal"]
    refused(connection, connection.modify(group, {"member": [(MODIFY_ADD, [minimal])]}), 68, "00000562")
    done(connection, ad_remove_members_from_groups(connection, [minimal], [group], True))
    refused(connection, connection.modify(group, {"member": [(MODIFY_DELETE, [minimal])]}), 53, "00000561")
    refused(connection, connection.modify(group, {"member": [(MODIFY_ADD, [f"CN=Nobody,{DOMAIN}"])]}), 32)


def ranges():
    connection = administrator(auto_range=True)
    group = f"CN=Crowd,{PEOPLE}"
    done(connection, connection.add(group, ["group"]))
    members = [f"CN=Member {number},{PEOPLE}" for number in range(1600)]
    for member in members:
        done(connection, connection.add(member, ["contact"]))
    done(connection, connection.modify(group, {"member": [(MODIFY_REPLACE, members)]}))
    done(connection, connection.search(group, "(objectClass=group)", BASE, attributes=["member"]))
    assert sorted(connection.entries[0].member) == sorted(members), len(connection.entries[0].member)
    refused(connection, connection.search(PEOPLE, "(objectClass=contact)") and False, 4)
    assert len(connection.entries) == 1000


def lockout():
    for _ in range(10):
        assert not Connection(server(), "ACME\\minimal", "wrong").bind()
    locked = Connection(server(), "ACME\\minimal", "Passw0rd!minimal")
    assert not locked.bind() and "data 775" in locked.result["message"], locked.result
    assert ad_unlock_account(administrator(), f"CN=Minimal,CN=Users,{DOMAIN}")
    assert locked.bind(), locked.result


def nobody():
    connection = Connection(server(), auto_bind=True)
    refused(connection, connection.search(DOMAIN, "(cn=*)"), 1, "000004DC")
    try:
        refused(connection, connection.delete(JOHN), 1, "000004DC")
    except LDAPException as error:
        raise AssertionError("the connection should have gone on") from error


check("reads the root DSE and the schema", knows_the_schema)
check("speaks TLS from the start and after StartTLS", goes_over_to_tls)
check("is who it says by every form of name", is_who_it_says)
check("is told why a bind failed", is_told_why)
check("finds by bytes and reads times and identifiers", finds_what_is_binary)
check("finds by every kind of filter and in every scope", finds_by_every_kind_of_filter)
check("makes objects of entries by the schema", objects)
check("takes results page by page", pages)
check("keeps to limits", limits)
check("leads a person from being hired to being gone", a_persons_life)
check("sets passwords only where nobody listens in", needs_tls_for_passwords)
check("puts people into groups and takes them out", groups)
check("reads a large group in ranges", ranges)
check("unlocks who typed wrong passwords", lockout)
check("does nothing as nobody", nobody)
sys.exit(failed)
