"""python3-saml as an app's service provider at the fake SAML identity provider, and xmlsec1 over what that signs."""

import base64
import os
import subprocess
import sys
import tempfile
import traceback
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.errors import OneLogin_Saml2_ValidationError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.xmlparser import DTDForbidden

from saml_browser import IDP, Browser, post_json

SP = "urn:python3-saml.example"
HOST = "app.example"
ACS = f"https://{HOST}/login/callback"
SLS = f"https://{HOST}/logout"
SARA = "sara@acme.example"
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"

failed = False


def own_key():
    """A key of the app's; SAML is about RSA alone."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = os.path.join(folder, "key"), os.path.join(folder, "certificate")
        new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=app.example", "-days", "2"]
        subprocess.run([*new, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        return open(key).read(), open(certificate).read()


KEY, CERTIFICATE = own_key()


def metadata():
    with urllib.request.urlopen(f"{IDP}/metadata") as answer:
        return OneLogin_Saml2_IdPMetadataParser.parse(answer.read().decode())


def auth(path="/login/callback", get=None, form=None, name_id=None, **security):
    own = {
        "strict": True,
        "sp": {
            "entityId": SP,
            "assertionConsumerService": {"url": ACS, "binding": POST},
            "singleLogoutService": {"url": SLS, "binding": REDIRECT},
            "x509cert": CERTIFICATE,
            "privateKey": KEY,
        },
        "security": {"wantNameId": True, "wantAttributeStatement": True, "rejectDeprecatedAlgorithm": True, **security},
    }
    settings = OneLogin_Saml2_IdPMetadataParser.merge_settings(own, metadata())
    # What the metadata names first is asked for, unless something else is.
    settings["sp"]["NameIDFormat"] = name_id or settings["sp"]["NameIDFormat"]
    request = {"https": "on", "http_host": HOST, "script_name": path, "get_data": get or {}, "post_data": form or {}}
    request["query_string"] = urllib.parse.urlencode(get or {})
    return OneLogin_Saml2_Auth(request, old_settings=settings)


def response(browser=None, account=SARA, name_id=None):
    """A login by redirect: the request's id and the response."""
    begin = auth(name_id=name_id)
    to, fields = (browser or Browser()).sign_in(begin.login(return_to="https://app.example/there"), account)
    assert (to, fields["RelayState"]) == (ACS, "https://app.example/there"), (to, fields)
    return begin.get_last_request_id(), fields


def consumed(request, fields, **security):
    end = auth(form=fields, **security)
    end.process_response(request_id=request)
    return end


def check(name, body):
    global failed
    post_json("/_impostor/reset", {})
    try:
        body()
        print(f"ok - python3-saml: {name}", flush=True)
    except Exception:
        failed = True
        print(f"not ok - python3-saml: {name}\n    " + traceback.format_exc().replace("\n", "\n    "), flush=True)


def signs_in():
    end = consumed(*response(), wantAssertionsSigned=True)
    assert end.is_authenticated(), end.get_last_error_reason()
    assert end.get_nameid() == SARA
    assert end.get_attribute(EMAIL) == [SARA]
    assert end.get_attribute("http://schemas.xmlsoap.org/claims/Group") == ["engineering", "on-call"]


def names_friendly():
    persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    end = consumed(*response(account="stefan@acme.example", name_id=persistent))
    assert end.get_friendlyname_attribute("mail") == ["stefan@acme.example"], end.get_friendlyname_attributes()
    found = (end.get_nameid(), end.get_nameid_format().split(":")[-1], end.get_nameid_nq(), end.get_nameid_spnq())
    assert found == ("104711", "persistent", f"{IDP}/metadata", SP), found


def stays_signed_in():
    browser = Browser()
    response(browser)
    passive = auth()
    to, fields = browser.open(passive.login(is_passive=True))
    assert consumed(passive.get_last_request_id(), fields).is_authenticated()


def is_passive():
    begin = auth()
    _, fields = Browser().open(begin.login(is_passive=True))
    end = consumed(begin.get_last_request_id(), fields)
    assert "Nobody is signed in" in end.get_last_error_reason(), end.get_last_error_reason()


def begins_there():
    query = urllib.parse.urlencode({"sp": SP, "acs": ACS})
    _, fields = Browser().sign_in(f"{IDP}/start?{query}", SARA)
    assert consumed(None, fields).is_authenticated()


def wrong(form, reason):
    def body():
        before = response()
        post_json("/_impostor/faults", {"scope": {"upstream": "acme-saml"}, "effect": {"kind": "wrong_response", "form": form}})
        request, fields = response()
        # Some refusals are errors, some are exceptions.
        try:
            end = consumed(request, fields)
            said = end.get_last_error_reason() or ""
        except (OneLogin_Saml2_ValidationError, DTDForbidden) as error:
            said = f"{type(error).__name__}: {error}"
        else:
            assert not end.is_authenticated(), f"{form} was let in as {end.get_nameid()}"
        assert reason in said, said
        assert consumed(*before).is_authenticated(), "the one before was good"

    return body


def comment():
    post_json("/_impostor/faults", {"scope": {"upstream": "saml"}, "effect": {"kind": "wrong_response", "form": "comment-in-name-id"}})
    request, fields = response()
    assert b">admin@forged.example<!--" in base64.b64decode(fields["SAMLResponse"])
    end = consumed(request, fields)
    assert not end.is_authenticated() or end.get_nameid() != "admin@forged.example", end.get_nameid()


def signs_out():
    browser = Browser()
    end = consumed(*response(browser))
    begin = auth()
    url = begin.logout(name_id=end.get_nameid(), session_index=end.get_session_index(), return_to="/there")
    to, fields = browser.open(url)
    assert to == SLS, to
    answer = auth("/logout", get=fields)
    answer.process_slo(request_id=begin.get_last_request_id())
    assert not answer.get_errors(), answer.get_last_error_reason()
    assert browser.open(auth().login()) is None, "still signed in"


def hears_of_logouts():
    browser = Browser()
    response(browser)
    to, fields = browser.open(f"{IDP}/logout")
    assert to == SLS, to
    ended = []
    asked = auth("/logout", get=fields, wantMessagesSigned=True, logoutResponseSigned=True)
    url = asked.process_slo(delete_session_cb=lambda: ended.append(True))
    assert not asked.get_errors() and ended == [True], asked.get_last_error_reason()
    browser.open(url)
    assert "You are signed out, here and at the apps" in browser.text, browser.text


def verifies(signed, element, namespace):
    """xmlsec1 finds the signature good, and bad once a letter has changed."""

    def body():
        xml = base64.b64decode(response()[1]["SAMLResponse"])
        certificate = metadata()["idp"]["x509cert"]
        root = ElementTree.fromstring(xml)
        assert (root.find(f"{{{ASSERTION}}}Assertion") if signed == "assertion" else root) is not None
        with tempfile.TemporaryDirectory() as folder:
            pem, good, bad = (os.path.join(folder, name) for name in ("key.pem", "good.xml", "bad.xml"))
            lines = "\n".join(certificate[at : at + 64] for at in range(0, len(certificate), 64))
            open(pem, "w").write(f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
            open(good, "wb").write(xml)
            open(bad, "wb").write(xml.replace(b"Samlova", b"Samlow"))
            verify = ["xmlsec1", "--verify", "--pubkey-cert-pem", pem, "--id-attr:ID", f"{namespace}:{element}"]
            found = subprocess.run([*verify, good], capture_output=True, text=True)
            assert found.returncode == 0, found.stderr
            assert subprocess.run([*verify, bad], capture_output=True).returncode != 0

    return body


check("reads the metadata and signs in", signs_in)
check("knows object identifiers by their friendly names", names_friendly)
check("stays signed in", stays_signed_in)
check("is told where nobody is signed in", is_passive)
check("a login begins at the provider", begins_there)
check("signs out, and is answered", signs_out)
check("hears of a logout at the provider", hears_of_logouts)
for form, reason in [
    ("unsigned", "No Signature found"),
    ("wrong-key", "Signature validation failed"),
    ("expired", "expired"),
    ("not-yet-valid", "not yet valid"),
    ("wrong-audience", "is not a valid audience"),
    ("wrong-recipient", "SubjectConfirmation"),
    ("wrong-destination", "instead of"),
    ("wrong-issuer", "Invalid issuer"),
    ("wrong-in-response-to", "InResponseTo"),
    ("replayed", "InResponseTo"),
    *((f"xsw{number}", "") for number in range(1, 9)),
    ("external-entity", "DTDForbidden"),
    ("sha1", "Deprecated signature algorithm"),
    ("no-attributes", "AttributeStatement"),
    ("no-name-id", "NameID"),
]:
    check(f"refuses a response that is {form}", wrong(form, reason))
check("reads no name up to the comment in it", comment)
check("xmlsec1 verifies the assertion", verifies("assertion", "Assertion", ASSERTION))
sys.exit(failed)
