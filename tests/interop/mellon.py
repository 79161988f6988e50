"""Apache httpd with mod_auth_mellon, both Debian's, as service provider of the tenant and of the fake SAML identity provider.
Standard library alone."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse

from httpd import (
    Apache, CERTIFICATE, PORT, SITES, STRANGERS_CERTIFICATE, STRANGERS_KEY, WORK, environment, log, write,
)
from saml_browser import IDP, TENANT, post_json
from saml_parties import APP, Browser, Checks, EMAIL, addon, fetched, is_signed_in, management, metadata, text_of

check = Checks("mellon")
# Who ends the suite ends httpd, too.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def apache(settings=None, **more):
    """As service provider of the tenant, by the client that the fixture has."""
    addon(settings or {})
    return Apache(PORT, metadata(), **more)


def certificate():
    return text_of(CERTIFICATE)


# The tenant as identity provider


def signs_in(settings):
    with apache(settings) as httpd:
        browser = Browser(httpd.url)
        assert not httpd.is_let_in(browser)
        found = httpd.app(browser)
        assert found["MELLON_MAIL"] == "alice@acme.example", found
        assert found["REMOTE_USER"] == found["MELLON_NAME_ID"] and found["REMOTE_USER"].startswith("auth0|"), found
        assert httpd.is_let_in(browser)


def must_sign():
    with apache({"signingCert": certificate()}) as httpd:
        assert 'WantAuthnRequestsSigned="true"' in metadata()
        assert httpd.app(Browser(httpd.url))["MELLON_MAIL"] == "alice@acme.example"
    with apache({"signingCert": text_of(STRANGERS_CERTIFICATE)}) as httpd:
        refused(lambda: httpd.app(Browser(httpd.url)), "signature")


def refused(body, reason):
    try:
        found = body()
    except AssertionError as error:
        assert reason in str(error), error
    else:
        raise AssertionError(f"it was let in: {found}")


def hears_that_nobody_is_there():
    with apache() as httpd:
        asked = urllib.parse.urlencode({"ReturnTo": httpd.site("one", "app"), "IsPassive": "true"})
        refused(lambda: Browser(httpd.url).open(httpd.site("one", f"mellon/login?{asked}")), "answered 401")
        assert "NoPassive" in log(), log()


def begins_at_the_tenant():
    with apache() as httpd:
        management("PATCH", f"/clients/{APP}", {"callbacks": [httpd.site("one", "mellon/postResponse")]})
        # Nobody asked, so nobody said who it is for.
        addon({"audience": "urn:mellon.example:one"})
        url, fields = Browser(httpd.url).open(f"{TENANT}/samlp/{APP}")
        assert url == httpd.site("one", "app"), (url, log())
        assert environment(fields)["MELLON_MAIL"] == "alice@acme.example"


def refuses_other_keys():
    """The metadata holds one key, the response is signed with another."""
    addon({"cert": text_of(STRANGERS_CERTIFICATE), "key": text_of(STRANGERS_KEY)})
    strangers = metadata()
    addon({})
    assert strangers != metadata()
    with Apache(PORT, strangers) as httpd:
        refused(lambda: httpd.app(Browser(httpd.url)), "answered 400")


def signs_out(binding):
    with apache() as httpd:
        addon(logs_out(httpd, "one", binding))
        browser = Browser(httpd.url)
        httpd.app(browser)
        assert is_signed_in(browser)
        there = httpd.site("one", "mellon/metadata")
        url, fields = browser.open(httpd.site("one", "mellon/logout?") + urllib.parse.urlencode({"ReturnTo": there}))
        assert url == there and "urn:mellon.example:one" in fields["page"], (url, fields, log())
        assert not httpd.is_let_in(browser)
        assert not is_signed_in(browser)


def logs_out(httpd, site, binding):
    return {
        "logout": {"callback": httpd.site(site, "mellon/logout")},
        "binding": f"urn:oasis:names:tc:SAML:2.0:bindings:{binding}",
        # Who ends sessions must be known.
        "signingCert": certificate(),
    }


def another_client():
    """A second service provider of the tenant, made by the Management API."""
    client = management("POST", "/clients", {
        "name": "Mellon, the second site", "app_type": "regular_web", "oidc_conformant": True,
        "callbacks": ["http://127.0.0.1:*/*"], "addons": {"samlp": {}},
    })
    (database,) = management("GET", "/connections?name=Username-Password-Authentication")
    management("PATCH", f"/connections/{database['id']}/clients", [{"client_id": client["client_id"], "status": True}])
    return client["client_id"]


def hears_of_logouts():
    other = another_client()
    addon({})
    with Apache(PORT, metadata(), metadata(other)) as httpd:
        for site, client in zip(SITES, (APP, other)):
            addon(logs_out(httpd, site, "HTTP-Redirect"), client)
        browser = Browser(httpd.url)
        assert httpd.app(browser, "one")["MELLON_NAME_ID"] == httpd.app(browser, "two")["MELLON_NAME_ID"]
        assert httpd.is_let_in(browser, "one") and httpd.is_let_in(browser, "two")
        there = httpd.site("two", "mellon/metadata")
        url, _ = browser.open(httpd.site("two", "mellon/logout?") + urllib.parse.urlencode({"ReturnTo": there}))
        assert url == there, (url, log())
        assert not httpd.is_let_in(browser, "two") and not httpd.is_let_in(browser, "one"), log()
        assert not is_signed_in(browser)


# The fake identity provider


def at_the_provider():
    return Apache(PORT, fetched(f"{IDP}/metadata"))


def signs_in_at_the_provider():
    with at_the_provider() as httpd:
        found = httpd.app(Browser(httpd.url))
        # It asks for a name of this login's, as the provider's metadata offers one.
        assert found["MELLON_MAIL"] == "sara@acme.example" and found["REMOTE_USER"].startswith("_"), found
        assert found["MELLON_GROUPS"] == "engineering;on-call", found


def begins_at_the_provider():
    with at_the_provider() as httpd:
        query = urllib.parse.urlencode({"sp": "urn:mellon.example:one", "acs": httpd.site("one", "mellon/postResponse")})
        url, fields = Browser(httpd.url).open(f"{IDP}/start?{query}")
        assert url == httpd.site("one", "app") and "MELLON_MAIL=sara@acme.example" in fields["page"], (url, fields, log())


class Registrar:
    """A server of the suite's own, whose fake identity provider has both sites registered; it ends with the block."""

    def __enter__(self):
        folder = os.path.join(WORK, "corp")
        os.makedirs(os.path.join(folder, "upstreams"), exist_ok=True)
        write("corp/tenant.yaml", "clients: []\n")
        own = "".join(certificate().splitlines()[1:-1])
        sites = [f"""\
      - entity_id: urn:mellon.example:{site}
        acs: http://127.0.0.1:{PORT}/{site}/mellon/postResponse
        slo: http://127.0.0.1:{PORT}/{site}/mellon/logout
        certificate: {own}
        encrypt: {"true" if site == "two" else "false"}
""" for site in SITES]
        account = f"name_id: sara@acme.example, attributes: {{ {json.dumps(EMAIL)}: sara@acme.example }}"
        write("corp/upstreams/saml.yaml",
              f"providers:\n  - name: corp\n    accounts: [{{ {account} }}]\n    service_providers:\n" + "".join(sites))
        command = [os.environ["IMPOSTOR_BIN"], "serve", "--fixture", folder, "--listen", "127.0.0.1:0", "--json"]
        with open(os.path.join(WORK, "corp.log"), "w") as file:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=file, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.__exit__()
            raise RuntimeError(f"impostor ended: {text_of(os.path.join(WORK, 'corp.log'))}")
        self.url = "http://localhost:" + json.loads(line)["listen"].rsplit(":", 1)[1].rstrip("/")
        self.provider = f"{self.url}/_upstreams/saml/corp"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


def signs_out_at_the_provider(begins):
    """The one site gets its assertions encrypted, the other doesn't; each hears of the logout."""
    with Registrar() as registrar, Apache(PORT, fetched(f"{registrar.provider}/metadata")) as httpd:
        browser = Browser(httpd.url, registrar.url)
        for site in SITES:
            assert httpd.app(browser, site)["MELLON_MAIL"] == "sara@acme.example"
        if begins == "mellon":
            there = httpd.site("one", "mellon/metadata")
            url, _ = browser.open(httpd.site("one", "mellon/logout?") + urllib.parse.urlencode({"ReturnTo": there}))
            assert url == there, (url, log())
        else:
            _, fields = browser.open(f"{registrar.provider}/logout")
            assert "You are signed out, here and at the apps" in fields["page"], (fields, log())
        assert not httpd.is_let_in(browser, "one") and not httpd.is_let_in(browser, "two"), log()


def must_sign_at_the_provider():
    with Registrar() as registrar:
        described = fetched(f"{registrar.provider}/metadata")
        with Apache(PORT, described, pair=(STRANGERS_KEY, STRANGERS_CERTIFICATE)) as httpd:
            refused(lambda: httpd.app(Browser(httpd.url, registrar.url)), "answered 401")
            assert "RequestDenied" in log(), log()
        with Apache(PORT, described) as httpd:
            assert httpd.app(Browser(httpd.url, registrar.url))["MELLON_MAIL"] == "sara@acme.example"


def wrong(form):
    with at_the_provider() as httpd:
        assert httpd.app(Browser(httpd.url))["MELLON_MAIL"] == "sara@acme.example"
        post_json("/_impostor/faults", {"scope": {"upstream": "acme-saml"}, "effect": {"kind": "wrong_response", "form": form}})
        try:
            found = httpd.app(Browser(httpd.url))
        except AssertionError as error:
            assert re.search("postResponse answered [45]", str(error)), error
        else:
            # Not refused, but what was signed was read.
            assert form.startswith("xsw") and found["MELLON_MAIL"] == "sara@acme.example", found
            assert not any("forged.example" in value for value in found.values()), found


for name, settings in [
    ("with what the add-on does by itself", {}),
    ("with a signed response and SHA-256", {"signResponse": True, "signatureAlgorithm": "rsa-sha256", "digestAlgorithm": "sha256"}),
    ("with an encrypted assertion (AES-256-CBC)", {"encryptionCert": certificate(), "encryptionAlgorithm": "aes256-cbc"}),
    ("with an encrypted assertion (AES-256-GCM)", {"encryptionCert": certificate(), "encryptionAlgorithm": "aes256-gcm"}),
]:
    check(f"signs in {name}", signs_in, settings)
check("its requests are signed with the key that the add-on names", must_sign)
check("hears that nobody is signed in", hears_that_nobody_is_there)
check("a login begins at the tenant", begins_at_the_tenant)
check("refuses a response of another key", refuses_other_keys)
for binding in ("HTTP-Redirect", "HTTP-POST"):
    check(f"signs out, and is answered by {binding}", signs_out, binding)
# By POST it takes answers alone.
check("hears of another's logout", hears_of_logouts)
check("signs in at the fake identity provider", signs_in_at_the_provider)
check("a login begins at the fake identity provider", begins_at_the_provider)
check("its requests are signed with the key that is registered", must_sign_at_the_provider)
check("signs out at the fake identity provider, and so does its other site", signs_out_at_the_provider, "mellon")
check("hears of a logout at the fake identity provider", signs_out_at_the_provider, "provider")
# It remembers no requests, so it takes responses to others'.
for form in ["unsigned", "wrong-key", "expired", "not-yet-valid", "wrong-audience", "wrong-issuer",
             *(f"xsw{number}" for number in range(1, 9)), "external-entity"]:
    check(f"takes no response that is {form}", wrong, form)
sys.exit(check.end())
