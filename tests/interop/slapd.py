"""OpenLDAP's slapd, unmodified, as the directory behind a connection to Active Directory: found, bound, grouped, mapped,
remembered when it is down. Standard library alone; slapd is Debian's."""

import base64
import html.parser
import http.cookiejar
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback
import urllib.error
import urllib.parse
import urllib.request

SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/lib/openldap:/usr/libexec:" + os.environ.get("PATH", ""))
CLIENT, CALLBACK = "app", "http://localhost:3000/callback"

LDIF = """\
dn: dc=corp,dc=example
objectClass: domain
dc: corp

dn: uid=jdoe,dc=corp,dc=example
objectClass: inetOrgPerson
uid: jdoe
cn: John Doe
sn: Doe
givenName: John
displayName: John Doe (Øresund)
mail: jdoe@corp.example
userPassword: Passw0rd!jdoe

dn: cn=service,dc=corp,dc=example
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: service
userPassword: service-secret

dn: cn=Staff,dc=corp,dc=example
objectClass: groupOfNames
cn: Staff
member: uid=jdoe,dc=corp,dc=example
"""

TENANT = """\
impostor: { skip_consent_on_loopback: true }
clients:
  - { name: App, client_id: app, client_secret: app-secret, app_type: regular_web, callbacks: [%s], jwt_configuration: { alg: RS256 }, grant_types: [authorization_code] }
connections:
  - { name: corp-ad, strategy: ad, show_as_button: true, enabled_clients: [App], options: { tenant_domain: corp.example } }
databases:
  - { name: db, enabled_clients: [App] }
""" % CALLBACK

CONFIG = {
    "LDAP_BASE": "dc=corp,dc=example",
    "LDAP_BIND_USER": "cn=service,dc=corp,dc=example",
    "LDAP_BIND_PASSWORD": "service-secret",
    "LDAP_USER_BY_NAME": "(|(uid={account})(mail={0}))",
    "LDAP_SEARCH_GROUPS": "(member={0})",
}

MAPPER = """
module.exports = function (raw_data, callback) {
  console.log('mapping', raw_data.dn);
  callback(null, { id: raw_data.uid, displayName: raw_data.displayName, name: { familyName: raw_data.sn, givenName: raw_data.givenName },
    emails: [{ value: raw_data.mail }], groups: raw_data.groups, hash: require('crypto').createHash('sha1').update(raw_data.uid).digest('hex') });
};
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Fields(html.parser.HTMLParser):
    """The hidden fields and the messages of a page."""

    def __init__(self, text):
        super().__init__()
        self.values, self.codes = {}, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "input" and attributes.get("type") == "hidden":
            self.values[attributes["name"]] = attributes.get("value", "")
        if "data-error-code" in attributes:
            self.codes.append(attributes["data-error-code"])


class AtTheApp(Exception):
    pass


class Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, request, file, code, message, headers, url):
        if url.startswith(CALLBACK):
            raise AtTheApp(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)))
        return super().redirect_request(request, file, code, message, headers, url)


class Person:
    """Somebody with a browser."""

    def __init__(self, base):
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), Redirects)

    def ask(self, url, fields=None):
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            answer = self.opener.open(urllib.request.Request(url, data), timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.geturl(), answer.read().decode()

    def begin(self, **parameters):
        query = {"client_id": CLIENT, "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid profile email", "state": "s"}
        return self.ask(f"{self.base}/authorize?" + urllib.parse.urlencode({**query, **parameters}))

    def sign_in(self, username, password, **parameters):
        """Claims of the ID token, or the codes of the messages on the page."""
        url, page = self.begin(**parameters)
        fields = {**Fields(page).values, "username": username, "password": password}
        fields.pop("connection", None)
        try:
            _, page = self.ask(url, fields)
        except AtTheApp as arrived:
            return self.redeem(arrived.args[0]["code"])
        return Fields(page).codes

    def redeem(self, code):
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_id": CLIENT, "client_secret": "app-secret"}
        _, answer = self.ask(f"{self.base}/oauth/token", fields)
        claims = json.loads(answer)["id_token"].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))


def start_slapd(folder, port):
    data = folder / "data"
    data.mkdir(exist_ok=True)
    (folder / "slapd.conf").write_text(
        f"""\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=corp,dc=example"
rootdn "cn=root,dc=corp,dc=example"
rootpw root-secret
directory {data}
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""
    )
    if not any(data.iterdir()):
        (folder / "corp.ldif").write_text(LDIF)
        command = [SLAPD, "-T", "add", "-f", folder / "slapd.conf", "-l", folder / "corp.ldif"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([SLAPD, "-d", "0", "-f", folder / "slapd.conf", "-h", f"ldap://127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            try:
                process.wait(0.1)
                raise RuntimeError("slapd ended")
            except subprocess.TimeoutExpired:
                pass
    raise RuntimeError("slapd was not ready")


def stop(process):
    process.terminate()
    process.wait(20)


failed = False


def check(name, body):
    global failed
    try:
        body()
        print(f"ok - slapd: {name}", flush=True)
    except Exception:
        failed = True
        print(f"not ok - slapd: {name}\n{traceback.format_exc()}", flush=True)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="impostor-slapd."))
    port = free_port()
    fixture = folder / "corp"
    (fixture / "connector").mkdir(parents=True)
    (fixture / "tenant.yaml").write_text(TENANT)
    (fixture / "connector/config.json").write_text(json.dumps({**CONFIG, "LDAP_URL": f"ldap://127.0.0.1:{port}"}))
    (fixture / "connector/profileMapper.js").write_text(MAPPER)
    slapd = [start_slapd(folder, port)]
    command = [os.environ["IMPOSTOR_BIN"], "serve", "--fixture", fixture, "--listen", "127.0.0.1:0", "--json"]
    log = open(folder / "impostor.log", "w")
    impostor = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        listen = json.loads(impostor.stdout.readline())["listen"]
        listen = listen if isinstance(listen, str) else listen[0]
        base = "http://localhost:" + listen.rsplit(":", 1)[1].rstrip("/")
        person = lambda: Person(base)

        def by_connection():
            claims = person().sign_in("CORP\\jdoe", "Passw0rd!jdoe", connection="corp-ad")
            assert claims["sub"] == "ad|corp-ad|jdoe", claims
            assert claims["name"] == "John Doe (Øresund)" and claims["email"] == "jdoe@corp.example", claims
            assert claims["given_name"] == "John" and claims["family_name"] == "Doe", claims

        def by_home_realm():
            assert person().sign_in("jdoe@CORP.example", "Passw0rd!jdoe")["sub"] == "ad|corp-ad|jdoe"

        def by_button():
            somebody = person()
            url, page = somebody.begin()
            url, page = somebody.ask(url, {"state": Fields(page).values["state"], "connection": "corp-ad"})
            try:
                somebody.ask(url, {"state": Fields(page).values["state"], "username": "jdoe", "password": "Passw0rd!jdoe"})
            except AtTheApp as arrived:
                assert somebody.redeem(arrived.args[0]["code"])["sub"] == "ad|corp-ad|jdoe"
                return
            raise AssertionError("nobody arrived")

        def refusals():
            for username, password in [("jdoe", "wrong"), ("nobody", "x"), ("*", "Passw0rd!jdoe"), ("jdoe)(uid=*", "x"), ("(&(a=b", "x")]:
                codes = person().sign_in(username, password, connection="corp-ad")
                assert codes == ["wrong-username-credentials"], (username, codes)
            assert person().sign_in("jdoe", "", connection="corp-ad") == ["no-password"]

        def outage():
            stop(slapd.pop())
            assert person().sign_in("jdoe@CORP.example", "Passw0rd!jdoe")["sub"] == "ad|corp-ad|jdoe"
            assert person().sign_in("jdoe@CORP.example", "wrong") == ["directory-unavailable"]
            assert person().sign_in("jdoe@corp.example", "Passw0rd!jdoe") == ["directory-unavailable"]
            slapd.append(start_slapd(folder, port))
            assert person().sign_in("jdoe@corp.example", "Passw0rd!jdoe")["sub"] == "ad|corp-ad|jdoe"

        check("somebody signs in by the connection, as DOMAIN\\user", by_connection)
        check("somebody is sent to the directory by the domain of their address", by_home_realm)
        check("somebody presses the connection's button", by_button)
        check("nobody gets in with another name, password or filter", refusals)
        check("who has signed in before gets in while the directory is down", outage)
    finally:
        stop(impostor)
        for process in slapd:
            stop(process)
        log.close()
        if failed:
            print((folder / "impostor.log").read_text()[-4000:])
        shutil.rmtree(folder)


if SLAPD is None:
    print("not ok - slapd: Debian's slapd is not installed")
    sys.exit(1)
check("runs to its end", main)
sys.exit(1 if failed else 0)
