"""pysaml2 and python3-saml as service providers of the tenant, and pysaml2 as the identity provider of one of its connections."""

import os
import sys
import tempfile

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.client import Saml2Client
from saml2.config import IdPConfig, SPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_UNSPECIFIED, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

from saml_browser import Forms, TENANT
from saml_parties import Browser, Checks, EMAIL, addon, fetched, is_signed_in, management, metadata, own_pair, text_of

ACS = "http://localhost:3000/saml/acs"
SLO = "http://localhost:3000/saml/slo"
WORK = tempfile.mkdtemp(dir=os.environ["PICTURES"])
KEY, CERTIFICATE = own_pair(WORK, "own", "sp.example")
check = Checks("saml-tenant")


def own_certificate():
    return text_of(CERTIFICATE)


# pysaml2 as service provider


def service_provider(signed=False, response_signed=False):
    path = os.path.join(WORK, "tenant.xml")
    with open(path, "w") as file:
        file.write(metadata())
    config = {
        "entityid": "urn:pysaml2.example",
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "key_file": KEY,
        "cert_file": CERTIFICATE,
        "encryption_keypairs": [{"key_file": KEY, "cert_file": CERTIFICATE}],
        "allow_unknown_attributes": True,
        "metadata": {"local": [path]},
        "service": {
            "sp": {
                "endpoints": {
                    "assertion_consumer_service": [(ACS, BINDING_HTTP_POST)],
                    "single_logout_service": [(SLO, BINDING_HTTP_POST)],
                },
                "authn_requests_signed": signed,
                "want_assertions_signed": not response_signed,
                "want_response_signed": response_signed,
                "allow_unsolicited": False,
            }
        },
    }
    return Saml2Client(SPConfig().load(config))


def pysaml2_login(client, binding=BINDING_HTTP_REDIRECT, browser=None):
    request, info = client.prepare_for_authenticate(relay_state="relay", binding=binding)
    browser = browser or Browser()
    if binding == BINDING_HTTP_REDIRECT:
        to, fields = browser.open(dict(info["headers"])["Location"])
    else:
        action, form = Forms(info["data"]).found[0]
        to, fields = browser.open(action, form)
    assert (to, fields["RelayState"]) == (ACS, "relay"), (to, fields)
    return client.parse_authn_request_response(fields["SAMLResponse"], BINDING_HTTP_POST, {request: "/"})


def attributes(response):
    return response.get_identity()


def pysaml2_signs_in():
    response = pysaml2_login(service_provider())
    assert attributes(response)[EMAIL] == ["alice@acme.example"], attributes(response)
    assert response.get_subject().text.startswith("auth0|"), response.get_subject()


def pysaml2_by_post():
    assert pysaml2_login(service_provider(), BINDING_HTTP_POST).get_identity()


def pysaml2_signed_requests():
    addon({"signingCert": own_certificate()})
    for binding in (BINDING_HTTP_REDIRECT, BINDING_HTTP_POST):
        assert pysaml2_login(service_provider(signed=True), binding).get_identity()
    try:
        pysaml2_login(service_provider())
    except AssertionError as error:
        assert "signed" in str(error), error
    else:
        raise AssertionError("an unsigned request was taken")


def pysaml2_newer_algorithms():
    addon({"signatureAlgorithm": "rsa-sha256", "digestAlgorithm": "sha256", "signResponse": True})
    assert pysaml2_login(service_provider(response_signed=True)).get_identity()


def pysaml2_encrypted():
    for algorithm in ("aes256-cbc", "aes256-gcm"):
        addon({"encryptionCert": own_certificate(), "encryptionAlgorithm": algorithm})
        response = pysaml2_login(service_provider())
        assert attributes(response)[EMAIL] == ["alice@acme.example"], algorithm


def pysaml2_signs_out():
    addon({"logout": {"callback": SLO}})
    client, browser = service_provider(), Browser()
    response = pysaml2_login(client, browser=browser)
    entity = response.issuer()
    sent = client.do_logout(response.name_id, [entity], "bye", None, sign=False, expected_binding=BINDING_HTTP_REDIRECT)
    (_, info), = sent.values()
    to, fields = browser.open(dict(info["headers"])["Location"])
    assert to == SLO, to
    client.parse_logout_request_response(fields["SAMLResponse"], BINDING_HTTP_POST)
    assert not is_signed_in(browser)


# python3-saml as service provider


def onelogin(form=None, **security):
    own = {
        "strict": True,
        "sp": {
            "entityId": "urn:python3-saml.example",
            "assertionConsumerService": {"url": ACS, "binding": BINDING_HTTP_POST},
            "x509cert": own_certificate(),
            "privateKey": text_of(KEY),
        },
        "security": {"wantNameId": True, "wantAttributeStatement": True, **security},
    }
    settings = OneLogin_Saml2_IdPMetadataParser.merge_settings(own, OneLogin_Saml2_IdPMetadataParser.parse(metadata()))
    request = {"https": "off", "http_host": "localhost:3000", "script_name": "/saml/acs", "get_data": {}, "post_data": form or {}}
    return OneLogin_Saml2_Auth(request, old_settings=settings)


def onelogin_signs_in():
    for settings, security in (
        ({}, {"wantAssertionsSigned": True}),
        ({"signResponse": True, "signatureAlgorithm": "rsa-sha256", "digestAlgorithm": "sha256"},
         {"wantMessagesSigned": True, "rejectDeprecatedAlgorithm": True}),
        ({"encryptionCert": own_certificate()}, {"wantAssertionsEncrypted": True}),
        ({"signingCert": own_certificate()}, {"authnRequestsSigned": True}),
    ):
        addon(settings)
        begin = onelogin(**security)
        to, fields = Browser().open(begin.login(return_to="there"))
        assert to == ACS, to
        end = onelogin(form=fields, **security)
        end.process_response(request_id=begin.get_last_request_id())
        assert end.is_authenticated(), (settings, end.get_last_error_reason())
        assert end.get_attribute(EMAIL) == ["alice@acme.example"], settings


def onelogin_is_refused():
    begin = onelogin()
    _, fields = Browser().open(begin.login(is_passive=True))
    end = onelogin(form=fields)
    end.process_response(request_id=begin.get_last_request_id())
    assert "Login required" in end.get_last_error_reason(), end.get_last_error_reason()


# pysaml2 as the identity provider of a connection


def identity_provider():
    config = {
        "entityid": "urn:pysaml2-idp.example",
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "key_file": KEY,
        "cert_file": CERTIFICATE,
        "service": {
            "idp": {
                "endpoints": {"single_sign_on_service": [("https://idp.example/sso", BINDING_HTTP_REDIRECT)]},
                "name_id_format": [NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_UNSPECIFIED],
                "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"}},
            }
        },
    }
    described = str(entity_descriptor(IdPConfig().load(config)))
    connection = management("POST", "/connections", {
        "name": "pysaml2", "strategy": "samlp", "enabled_clients": ["acme-web"],
        "options": {"metadataXml": described, "fieldsMap": {"email": "urn:oid:0.9.2342.19200300.100.1.3"}},
    })
    assert connection["options"]["signInEndpoint"] == "https://idp.example/sso", connection
    path = os.path.join(WORK, "connection.xml")
    with open(path, "w") as file:
        file.write(fetched(f"{TENANT}/samlp/metadata?connection=pysaml2"))
    return Server(config=IdPConfig().load({**config, "metadata": {"local": [path]}}))


def pysaml2_vouches():
    server = identity_provider()
    for encrypt, sign_response, sign_assertion in ((False, False, True), (False, True, False), (False, True, True), (True, False, True)):
        browser = Browser()
        to, fields = browser.open(f"{TENANT}/authorize?client_id=acme-web&response_type=code&connection=pysaml2"
                                  "&redirect_uri=http://localhost:3000/cb&scope=openid%20email&state=s")
        assert to.startswith("https://idp.example/sso?"), to
        request = server.parse_authn_request(fields["SAMLRequest"], BINDING_HTTP_REDIRECT).message
        response = server.create_authn_response(
            {"mail": ["ana@corp.example"]}, in_response_to=request.id, destination=request.assertion_consumer_service_url,
            sp_entity_id=request.issuer.text, name_id=NameID(format=NAMEID_FORMAT_EMAILADDRESS, text="ana@corp.example"),
            authn={"class_ref": PASSWORD, "authn_auth": "urn:pysaml2-idp.example"}, sign_response=sign_response,
            sign_assertion=sign_assertion, encrypt_assertion=encrypt, encrypted_advice_attributes=False,
            sign_alg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256,
        )
        info = server.apply_binding(BINDING_HTTP_POST, str(response), request.assertion_consumer_service_url, fields["RelayState"], response=True)
        action, form = Forms(info["data"]).found[0]
        to, fields = browser.open(action, form)
        assert to.startswith("http://localhost:3000/cb?"), to
        if encrypt:
            # It knows nothing but Triple DES, which nobody is to use any more (NIST SP 800-131A).
            assert "tripledes-cbc" in fields["error_description"], fields
        else:
            assert "code" in fields, (sign_response, sign_assertion, fields)
    users = management("GET", "/users-by-email?email=ana@corp.example")
    assert [user["user_id"] for user in users] == ["samlp|pysaml2|ana@corp.example"], users


check("pysaml2 signs in by redirect", pysaml2_signs_in)
check("pysaml2 signs in by POST", pysaml2_by_post)
check("pysaml2 signs its requests", pysaml2_signed_requests)
check("pysaml2 takes a signed response with SHA-256", pysaml2_newer_algorithms)
check("pysaml2 reads encrypted assertions", pysaml2_encrypted)
check("pysaml2 signs out", pysaml2_signs_out)
check("python3-saml signs in with every setting", onelogin_signs_in)
check("python3-saml hears why nobody signed in", onelogin_is_refused)
check("pysaml2 is a connection's identity provider", pysaml2_vouches)
sys.exit(check.end())
