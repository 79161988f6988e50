"""What a browser does at the fake SAML identity provider, as far as the suites in Python need it."""

import http.cookiejar
import json
import os
import urllib.parse
import urllib.request
from html.parser import HTMLParser

TENANT = os.environ["TENANT_HTTP"]
IDP = f"{TENANT}/_upstreams/saml/acme-saml"


def post_json(path, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{TENANT}{path}", data, {"content-type": "application/json"}, method="POST")
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


class Forms(HTMLParser):
    """The forms of a page: action and hidden fields."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.found.append((attributes.get("action", ""), {}))
        elif tag == "input" and self.found and "name" in attributes:
            self.found[-1][1][attributes["name"]] = attributes.get("value", "")


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    """Goes to the provider's pages, and stops where it would leave them: `left` is where to, and with what fields."""

    def __init__(self):
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies, NoRedirects())
        self.text = ""

    def open(self, url, fields=None):
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        try:
            with self.opener.open(urllib.request.Request(url, data)) as answer:
                self.text = answer.read().decode()
        except urllib.error.HTTPError as answer:
            if answer.code not in (302, 303):
                raise AssertionError(f"{answer.code}: {answer.read().decode()}") from None
            location = answer.headers["location"]
            query = urllib.parse.urlsplit(location).query
            return location.split("?")[0], dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        action, found = Forms(self.text).found[0] if Forms(self.text).found else ("", {})
        return (action, found) if action.startswith("http") else None

    def sign_in(self, url, account, fields=None):
        """The way from a request to the response, and the address that it goes to."""
        left = self.open(url, fields)
        if left:
            return left
        flow = next(found["flow"] for _, found in Forms(self.text).found if "flow" in found)
        return self.open(f"{IDP}/signin/chooser", {"flow": flow, "identifier": account})
