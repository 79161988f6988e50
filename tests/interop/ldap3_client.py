"""Python's ldap3 against a fork's Active Directory, as a script of an administrator uses it."""

import json
import os
import ssl
import sys
import traceback
import urllib.request

from ldap3 import ALL, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPBindError
from ldap3.utils.conv import escape_bytes

BASE = "DC=acme,DC=example"
failed = False


def fork():
    body = json.dumps({"from": "acme", "ldap": True}).encode()
    url = f"{os.environ['TENANT_HTTP']}/_impostor/tenants"
    with urllib.request.urlopen(urllib.request.Request(url, body, {"content-type": "application/json"})) as answer:
        return json.load(answer)


TENANT = fork()
TLS = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=os.environ["SSL_CERT_FILE"])


def server(port="ldap"):
    return Server("localhost", TENANT[port], use_ssl=port == "ldaps", tls=TLS, get_info=ALL)


def bound(port="ldap"):
    return Connection(server(port), "jdoe@acme.example", "Passw0rd!jdoe", auto_bind=True)


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
    assert BASE in connection.server.info.naming_contexts, connection.server.info
    assert "sAMAccountName" in connection.server.schema.attribute_types
    assert "1.2.840.113556.1.4.319" in str(connection.server.info.supported_controls)


def goes_over_to_tls():
    connection = Connection(server(), "ACME\\jdoe", "Passw0rd!jdoe")
    assert connection.start_tls() and connection.bind(), connection.result
    assert connection.extend.standard.who_am_i() == "u:ACME\\jdoe"
    assert bound("ldaps").bound


def finds_what_is_binary():
    connection = bound()
    connection.search(BASE, "(sAMAccountName=jdoe)", attributes=["objectGUID", "objectSid", "whenCreated"])
    raw = connection.response[0]["raw_attributes"]["objectGUID"][0]
    assert connection.entries[0].objectGUID.value.startswith("{"), connection.entries[0]
    connection.search(BASE, f"(objectGUID={escape_bytes(raw)})", attributes=["cn"])
    assert len(connection.entries) == 1, connection.result


def pages():
    connection = bound()
    search = {"search_base": BASE, "search_filter": "(objectClass=*)", "search_scope": SUBTREE, "attributes": ["cn"]}
    found = connection.extend.standard.paged_search(paged_size=3, generator=False, **search)
    names = [entry["dn"] for entry in found if entry["type"] == "searchResEntry"]
    assert len(names) > 6 and len(set(names)) == len(names), names


def is_told_why():
    try:
        Connection(server(), "ACME\\jdoe", "wrong", auto_bind=True)
    except LDAPBindError:
        pass
    else:
        raise AssertionError("bound with a wrong password")
    connection = Connection(server(), "ACME\\jdoe", "wrong")
    assert not connection.bind() and "data 52e" in connection.result["message"], connection.result


check("reads the root DSE and the schema", knows_the_schema)
check("speaks TLS from the start and after StartTLS", goes_over_to_tls)
check("finds by the bytes of objectGUID", finds_what_is_binary)
check("takes results page by page", pages)
check("is told why a bind failed", is_told_why)
sys.exit(failed)
