"""What the suites about SAML in Python share: a line a check, a browser that walks between the parties, the Management API."""

import http.cookiejar
import json
import os
import subprocess
import traceback
import urllib.error
import urllib.parse
import urllib.request

from saml_browser import Forms, NoRedirects, TENANT, post_json

APP = "acme-saml-app"
ALICE = ("alice@acme.example", "Passw0rd!alice")
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"


class Checks:
    """Prints a line a check of a suite, each with the tenant as its fixture has it."""

    def __init__(self, suite):
        self.suite, self.failed = suite, False

    def __call__(self, name, body, *arguments):
        post_json("/_impostor/reset", {})
        try:
            body(*arguments)
            print(f"ok - {self.suite}: {name}", flush=True)
        except Exception:
            self.failed = True
            print(f"not ok - {self.suite}: {name}\n    " + traceback.format_exc().replace("\n", "\n    "), flush=True)

    def end(self):
        post_json("/_impostor/reset", {})
        return 1 if self.failed else 0


class Browser:
    """Goes through the pages of the tenant (as Alice), of its fake identity providers (as `account`) and of the sites in
    `inside`; stops where it would leave them, or at a page without a form."""

    def __init__(self, *inside, account="sara@acme.example"):
        self.inside, self.account = (TENANT, *inside), account
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies, NoRedirects())

    def open(self, url, fields=None):
        for _ in range(20):
            location, text = self.ask(url, fields)
            if location is not None:
                url, fields = location, None
                if not url.startswith(self.inside):
                    return url, dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
                continue
            page, found = url, Forms(text).found
            if not found:
                return page, {"page": text}
            action, fields = self.filled(found)
            url = urllib.parse.urljoin(page, action or page)
            if not url.startswith(self.inside):
                return url, fields
        raise AssertionError(f"too many pages, the last of them {url}")

    def ask(self, url, fields):
        """Where a redirect goes, or the text of the page."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        try:
            with self.opener.open(urllib.request.Request(url, data)) as answer:
                return None, answer.read().decode()
        except urllib.error.HTTPError as answer:
            if answer.code not in (302, 303):
                raise AssertionError(f"{url} answered {answer.code}: {answer.read().decode()}") from None
            return urllib.parse.urljoin(url, answer.headers["location"]), None

    def filled(self, forms):
        """The form that a person would send off, filled in."""
        for action, fields in forms:
            if "username" in fields and "password" in fields:
                return action, {**fields, "username": ALICE[0], "password": ALICE[1], "action": "default"}
            if "flow" in fields:
                return action, {"flow": fields["flow"], "identifier": self.account}
        return forms[0]


def own_pair(folder, name, subject):
    """Paths of a new key and of its certificate."""
    key, certificate = (os.path.join(folder, f"{name}.{end}") for end in ("key", "pem"))
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={subject}"]
    subprocess.run([*new, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return key, certificate


def text_of(path):
    with open(path) as file:
        return file.read()


def management(method, path, body=None):
    form = {"grant_type": "client_credentials", "client_id": "acme-management", "audience": f"{TENANT}/api/v2/"}
    form["client_secret"] = "acme-management-secret-for-local-tests-only"
    with urllib.request.urlopen(f"{TENANT}/oauth/token", urllib.parse.urlencode(form).encode()) as answer:
        token = json.load(answer)["access_token"]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(f"{TENANT}/api/v2{path}", data, headers, method=method)) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def addon(settings, client=APP):
    management("PATCH", f"/clients/{client}", {"addons": {"samlp": settings}})


def metadata(client=APP):
    return fetched(f"{TENANT}/samlp/metadata/{client}")


def fetched(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


def is_signed_in(browser):
    """Whether the tenant knows the person without asking."""
    asked = {"client_id": "acme-web", "response_type": "code", "redirect_uri": "http://localhost:3000/cb", "prompt": "none"}
    _, fields = browser.open(f"{TENANT}/authorize?{urllib.parse.urlencode(asked)}")
    assert ("code" in fields) != (fields.get("error") == "login_required"), fields
    return "code" in fields
