"""Authlib over requests, without a browser: the login form is read and sent like any page.

ID tokens are verified twice against the key set, by joserfc (Authlib's own) and by PyJWT.
"""

import os
import sys
import time
import traceback
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import jwt
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from joserfc import jwk
from joserfc import jwt as jose

ISSUER = os.environ["TENANT_HTTPS"] + "/"
API = "https://api.acme.example/"
# Nothing listens there: the answer is read off the redirect.
CALLBACK = "http://localhost:4999/callback"
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!alice"}

failures = 0


def check(test):
    """Runs a test and prints how it went."""
    global failures
    name = "authlib: " + test.__doc__.rstrip(".")
    try:
        test()
        print("ok - " + name, flush=True)
    except Exception:  # noqa: BLE001 - whatever it was, it is told
        failures += 1
        print("not ok - " + name)
        print("    " + traceback.format_exc().rstrip().replace("\n", "\n    "), flush=True)


class Form(HTMLParser):
    """The primary form of a login page: where it posts to and what its hidden fields hold."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.inside, self.action = {}, False, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and attributes.get("data-form-primary") == "true":
            self.inside, self.action = True, attributes.get("action") or ""
        elif self.inside and tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


def redirected(browser, response):
    """Follows redirects until one leaves the tenant, and returns that one's address."""
    while response.is_redirect:
        address = urljoin(response.url, response.headers["Location"])
        if not address.startswith(ISSUER):
            return address
        response = browser.get(address, allow_redirects=False)
    raise AssertionError(f"{response.status_code} at {response.url}: {response.text[:500]}")


def sign_in(address):
    """Opens an authorization address as a new person's browser and signs alice in; returns the address of the app."""
    browser = requests.Session()
    page = browser.get(address)
    assert page.status_code == 200, f"{page.status_code} at {page.url}: {page.text[:300]}"
    form = Form(page.text)
    assert form.action is not None, page.text
    answer = browser.post(
        urljoin(page.url, form.action) if form.action else page.url,
        data={**form.fields, **ALICE, "action": "default"},
        allow_redirects=False,
    )
    return redirected(browser, answer)


def session(client_id="acme-web", **options):
    if client_id != "acme-native":
        options["client_secret"] = client_id + "-secret-for-local-tests-only"
    options.setdefault("token_endpoint_auth_method", "client_secret_basic" if "client_secret" in options else "none")
    return OAuth2Session(
        client_id,
        redirect_uri=CALLBACK,
        scope="openid profile email offline_access",
        code_challenge_method="S256",
        **options,
    )


def discovery():
    document = requests.get(ISSUER + ".well-known/openid-configuration").json()
    assert document["issuer"] == ISSUER, document["issuer"]
    return document


def verified(id_token, client_id, nonce=None):
    """The claims of an ID token whose signature, issuer, audience and times two libraries accept."""
    address = discovery()["jwks_uri"]
    keys = jwk.KeySet.import_key_set(requests.get(address).json())
    token = jose.decode(id_token, keys, algorithms=["RS256"])
    rules = {"iss": {"essential": True, "value": ISSUER}, "aud": {"essential": True, "value": client_id}}
    if nonce:
        rules["nonce"] = {"essential": True, "value": nonce}
    jose.JWTClaimsRegistry(now=int(time.time()), leeway=5, **rules).validate(token.claims)

    key = jwt.PyJWKClient(address).get_signing_key_from_jwt(id_token)
    claims = jwt.decode(id_token, key, algorithms=["RS256"], audience=client_id, issuer=ISSUER, leeway=5)
    assert claims == token.claims
    return claims


def code_flow(client, **parameters):
    """From the authorization address to tokens. Returns the tokens, the nonce and the verifier and address used."""
    endpoints, verifier, nonce = discovery(), generate_token(48), generate_token(16)
    address, state = client.create_authorization_url(
        endpoints["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **parameters
    )
    answer = sign_in(address)
    assert answer.startswith(CALLBACK + "?"), answer
    assert parse_qs(urlsplit(answer).query)["state"] == [state]
    token = client.fetch_token(
        endpoints["token_endpoint"], authorization_response=answer, code_verifier=verifier, state=state
    )
    return token, nonce, verifier, answer


def refused(expected, act):
    try:
        act()
    except OAuthError as error:
        assert error.error == expected, (error.error, error.description)
        return error.description
    raise AssertionError(f"not refused; expected {expected}")


@check
def _():
    """a confidential app signs a database user in with a code and PKCE, and the ID token verifies."""
    client = session()
    token, nonce, _, _ = code_flow(client)
    claims = verified(token["id_token"], "acme-web", nonce)
    assert claims["email"] == ALICE["username"], claims
    assert claims["sub"].startswith("auth0|"), claims
    userinfo = client.get(discovery()["userinfo_endpoint"]).json()
    assert userinfo["sub"] == claims["sub"] and userinfo["email"] == claims["email"], userinfo


@check
def _():
    """a public app does so without a secret, for an API."""
    client = session("acme-native")
    token, nonce, _, _ = code_flow(client, audience=API)
    verified(token["id_token"], "acme-native", nonce)
    key = jwt.PyJWKClient(discovery()["jwks_uri"]).get_signing_key_from_jwt(token["access_token"])
    claims = jwt.decode(token["access_token"], key, algorithms=["RS256"], audience=API, issuer=ISSUER)
    assert claims["azp"] == "acme-native" and ISSUER + "userinfo" in claims["aud"], claims


@check
def _():
    """the client may authenticate in the form too."""
    token, nonce, _, _ = code_flow(session(token_endpoint_auth_method="client_secret_post"))
    verified(token["id_token"], "acme-web", nonce)


@check
def _():
    """a code is worth one exchange, and only with its verifier."""
    client, endpoint = session(), discovery()["token_endpoint"]
    _, _, verifier, answer = code_flow(client)
    again = lambda: session().fetch_token(endpoint, authorization_response=answer, code_verifier=verifier)
    assert refused("invalid_grant", again) == "Invalid authorization code"

    address, _ = client.create_authorization_url(ISSUER + "authorize", code_verifier=generate_token(48))
    answer = sign_in(address)
    wrong = lambda: session().fetch_token(endpoint, authorization_response=answer, code_verifier=generate_token(48))
    assert refused("invalid_grant", wrong) == "Failed to verify code verifier"


@check
def _():
    """a refresh token gives new tokens for the same person."""
    client = session()
    token, _, _, _ = code_flow(client, audience=API)
    before = verified(token["id_token"], "acme-web")
    renewed = client.refresh_token(discovery()["token_endpoint"], refresh_token=token["refresh_token"])
    after = verified(renewed["id_token"], "acme-web")
    assert after["sub"] == before["sub"] and after["email"] == before["email"], after
    unknown = lambda: client.refresh_token(discovery()["token_endpoint"], refresh_token="v1.unknown")
    assert refused("invalid_grant", unknown) == "Unknown or invalid refresh token."


@check
def _():
    """a revoked refresh token gives none."""
    client, endpoints = session(), discovery()
    token, _, _, _ = code_flow(client)
    answer = client.revoke_token(endpoints["revocation_endpoint"], token=token["refresh_token"])
    assert answer.status_code == 200, answer.text
    refused("invalid_grant", lambda: client.refresh_token(endpoints["token_endpoint"], token["refresh_token"]))


@check
def _():
    """a machine gets a token for an API that it is granted, and for no other."""
    endpoint = discovery()["token_endpoint"]
    client = OAuth2Session("acme-machine", "acme-machine-secret-for-local-tests-only")
    token = client.fetch_token(endpoint, grant_type="client_credentials", audience=API)
    key = jwt.PyJWKClient(discovery()["jwks_uri"]).get_signing_key_from_jwt(token["access_token"])
    claims = jwt.decode(token["access_token"], key, algorithms=["RS256"], audience=API, issuer=ISSUER)
    assert claims["sub"] == "acme-machine@clients" and claims["gty"] == "client-credentials", claims
    assert "refresh_token" not in token and "id_token" not in token, token
    foreign = lambda: client.fetch_token(endpoint, grant_type="client_credentials", audience="https://other.example/")
    refused("access_denied", foreign)
    wrong = OAuth2Session("acme-machine", "not its secret")
    refused("access_denied", lambda: wrong.fetch_token(endpoint, grant_type="client_credentials", audience=API))


@check
def _():
    """the password grant signs a person in."""
    client = session()
    grant = {"grant_type": "http://auth0.com/oauth/grant-type/password-realm"}
    realm = {"realm": "Username-Password-Authentication"}
    token = client.fetch_token(discovery()["token_endpoint"], **grant, **realm, **ALICE)
    assert verified(token["id_token"], "acme-web")["email"] == ALICE["username"]
    wrong = lambda: client.fetch_token(
        discovery()["token_endpoint"], **grant, **realm, username=ALICE["username"], password="not this one"
    )
    assert refused("invalid_grant", wrong) == "Wrong email or password."


sys.exit(1 if failures else 0)
