"""xmlsec1 verifies and decrypts what the tenant says, and signs and encrypts what a connection of the tenant reads. Standard
library alone."""

import base64
import datetime
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import zlib

from saml_browser import TENANT
from saml_parties import APP, Browser, Checks, EMAIL, addon, fetched, management, metadata, own_pair, text_of

ACS = "http://localhost:3000/saml/acs"
SSO = "https://idp.example/sso"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
OLD_ENCRYPTION = "http://www.w3.org/2001/04/xmlenc#"
NEW_ENCRYPTION = "http://www.w3.org/2009/xmlenc11#"
SIGNATURES = {
    "RSA-SHA1": ("http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2000/09/xmldsig#sha1"),
    "RSA-SHA256": ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"),
    "RSA-SHA512": ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512"),
}
NEWER = {"signatureAlgorithm": "rsa-sha256", "digestAlgorithm": "sha256"}
WORK = tempfile.mkdtemp(dir=os.environ["PICTURES"])
KEY, CERTIFICATE = own_pair(WORK, "own", "idp.example")
STRANGERS_KEY, STRANGERS_CERTIFICATE = own_pair(WORK, "strangers", "stranger.example")
IDS = [part for element in (f"{PROTOCOL}:Response", f"{PROTOCOL}:AuthnRequest", f"{ASSERTION}:Assertion")
       for part in ("--id-attr:ID", element)]
check = Checks("xmlsec1")


def write(name, text):
    path = os.path.join(WORK, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def xmlsec(*arguments):
    found = subprocess.run(["xmlsec1", *arguments], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout


# What the tenant signs


def certificate_in(described, use):
    """The certificate that metadata publishes, as a file."""
    found = re.search(f'<KeyDescriptor use="{use}">.*?<X509Certificate>([^<]+)<', described)[1]
    lines = "\n".join(found[at : at + 64] for at in range(0, len(found), 64))
    return write(f"{use}.pem", f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")


def verifies(xml, by, changes):
    """It finds the signature good, and bad once a letter has changed or with another key."""
    def verify(text, certificate):
        command = ["xmlsec1", "--verify", "--pubkey-cert-pem", certificate, *IDS, write("signed.xml", text)]
        return subprocess.run(command, capture_output=True, text=True)

    found = verify(xml, by)
    assert found.returncode == 0, found.stderr
    changed = xml.replace(*changes)
    assert changed != xml and verify(changed, by).returncode != 0
    assert verify(xml, STRANGERS_CERTIFICATE).returncode != 0


def login():
    """The response to a login that begins at the tenant."""
    to, fields = Browser().open(f"{TENANT}/samlp/{APP}")
    assert to == ACS, to
    return base64.b64decode(fields["SAMLResponse"]).decode()


def tenant_signs(part, algorithm):
    settings = NEWER if algorithm == "RSA-SHA256" else {}
    addon({**settings, "signResponse": part == "Response"})
    xml = login()
    assert all(f'Algorithm="{uri}"' in xml for uri in SIGNATURES[algorithm]), xml
    identifier = re.search(rf'<(?:\w+:)?{part} [^>]*\bID="([^"]+)"', xml)[1]
    assert re.findall(r'<(?:\w+:)?Reference URI="#([^"]+)"', xml) == [identifier], xml
    verifies(xml, certificate_in(metadata(), "signing"), ("alice@acme.example", "alicf@acme.example"))


def tenant_encrypts(algorithm):
    addon({**NEWER, "encryptionCert": text_of(CERTIFICATE), "encryptionAlgorithm": algorithm})
    xml = login()
    assert "alice@acme.example" not in xml and f"#{algorithm}" in xml, xml
    plain = xmlsec("--decrypt", "--privkey-pem", KEY, write("encrypted.xml", xml))
    verifies(plain, certificate_in(metadata(), "signing"), ("alice@acme.example", "alicf@acme.example"))


def connection_signs(algorithm):
    old = {"signatureAlgorithm": "rsa-sha1", "digestAlgorithm": "sha1"} if algorithm == "RSA-SHA1" else {}
    connect(signSAMLRequest=True, protocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", **old)
    to, fields = begin(Browser())
    xml = base64.b64decode(fields["SAMLRequest"]).decode()
    assert to == SSO and f'Algorithm="{SIGNATURES[algorithm][0]}"' in xml, (to, xml)
    verifies(xml, certificate_in(described(), "signing"), (SSO, "https://idp.example/sss"))


# What a connection reads


def connect(**options):
    options = {"signInEndpoint": SSO, "signingCert": text_of(CERTIFICATE), **options}
    management("POST", "/connections",
               {"name": "xmlsec1", "strategy": "samlp", "enabled_clients": ["acme-web"], "options": options})


def described():
    return fetched(f"{TENANT}/samlp/metadata?connection=xmlsec1")


def begin(browser):
    asked = {"client_id": "acme-web", "response_type": "code", "redirect_uri": "http://localhost:3000/cb",
             "connection": "xmlsec1", "scope": "openid email", "state": "s"}
    return browser.open(f"{TENANT}/authorize?{urllib.parse.urlencode(asked)}")


def signature(identifier, algorithm):
    """The template of a signature over an element, laid out as people do."""
    method, digest = SIGNATURES[algorithm]
    return f"""
    <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
      <ds:SignedInfo>
        <ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
        <ds:SignatureMethod Algorithm="{method}"/>
        <ds:Reference URI="#{identifier}">
          <ds:Transforms>
            <ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
            <ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
          </ds:Transforms>
          <ds:DigestMethod Algorithm="{digest}"/>
          <ds:DigestValue/>
        </ds:Reference>
      </ds:SignedInfo>
      <ds:SignatureValue/>
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo>
    </ds:Signature>"""


def template(request, parts, algorithm, is_encrypted):
    """A response to a request, with a place for the signature of each part."""
    now = datetime.datetime.now(datetime.timezone.utc)
    moment = lambda minutes: (now + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    acs = re.search(r'AssertionConsumerService [^>]*Location="([^"]+)"', described())[1]
    audience = re.search(r'entityID="([^"]+)"', described())[1]
    place = lambda part, identifier: signature(identifier, algorithm) if part in parts else ""
    before, after = ("<saml:EncryptedAssertion>", "</saml:EncryptedAssertion>") if is_encrypted else ("", "")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="_message" Version="2.0" IssueInstant="{moment(0)}"
    Destination="{acs}" InResponseTo="{request}">
  <saml:Issuer>urn:xmlsec1.example</saml:Issuer>{place("Response", "_message")}
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
  {before}<saml:Assertion ID="_assertion" Version="2.0" IssueInstant="{moment(0)}">
    <saml:Issuer>urn:xmlsec1.example</saml:Issuer>{place("Assertion", "_assertion")}
    <saml:Subject>
      <saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ana@corp.example</saml:NameID>
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <saml:SubjectConfirmationData InResponseTo="{request}" Recipient="{acs}" NotOnOrAfter="{moment(5)}"/>
      </saml:SubjectConfirmation>
    </saml:Subject>
    <saml:Conditions NotBefore="{moment(-1)}" NotOnOrAfter="{moment(5)}">
      <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
    </saml:Conditions>
    <saml:AuthnStatement AuthnInstant="{moment(0)}" SessionIndex="_session">
      <saml:AuthnContext>
        <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
      </saml:AuthnContext>
    </saml:AuthnStatement>
    <saml:AttributeStatement>
      <saml:Attribute Name="{EMAIL}"><saml:AttributeValue>ana@corp.example</saml:AttributeValue></saml:Attribute>
    </saml:AttributeStatement>
  </saml:Assertion>{after}
</samlp:Response>
"""


def encrypted(xml, data, key):
    """The assertion encrypted where it stands, for the certificate that the connection publishes."""
    session = "des-192" if "tripledes" in data else "aes-" + re.search(r"aes(\d+)", data)[1]
    how = f"""<xenc:EncryptedData xmlns:xenc="{OLD_ENCRYPTION}" Type="{OLD_ENCRYPTION}Element">
  <xenc:EncryptionMethod Algorithm="{data}"/>
  <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
    <xenc:EncryptedKey>
      <xenc:EncryptionMethod Algorithm="{key}"/>
      <xenc:CipherData><xenc:CipherValue/></xenc:CipherData>
    </xenc:EncryptedKey>
  </ds:KeyInfo>
  <xenc:CipherData><xenc:CipherValue/></xenc:CipherData>
</xenc:EncryptedData>
"""
    return xmlsec("--encrypt", "--pubkey-cert-pem", certificate_in(described(), "encryption"), "--session-key", session,
                  "--xml-data", write("plain.xml", xml), "--node-xpath", "//*[local-name()='Assertion']", write("how.xml", how))


def vouched(parts=("Assertion",), algorithm="RSA-SHA256", pair=(KEY, CERTIFICATE), encryption=None, change=None):
    """What the app is told of somebody for whom xmlsec1 signs; the inner part first, for the outer one is over it."""
    browser = Browser()
    _, fields = begin(browser)
    request = zlib.decompress(base64.b64decode(fields["SAMLRequest"]), -15).decode()
    xml = template(re.search(r'\bID="([^"]+)"', request)[1], parts, algorithm, encryption is not None)

    def sign(part):
        where = f"//*[local-name()='{part}']/*[local-name()='Signature']"
        return xmlsec("--sign", "--privkey-pem", ",".join(pair), *IDS, "--node-xpath", where, write("template.xml", xml))

    if "Assertion" in parts:
        xml = sign("Assertion")
    if encryption:
        xml = encrypted(xml, *encryption)
        assert "ana@corp.example" not in xml
    if "Response" in parts:
        xml = sign("Response")
    if change:
        assert change[0] in xml
        xml = xml.replace(*change)
    acs = re.search(r'AssertionConsumerService [^>]*Location="([^"]+)"', described())[1]
    message = base64.b64encode(xml.encode()).decode()
    to, fields = browser.open(acs, {"SAMLResponse": message, "RelayState": fields["RelayState"]})
    assert to.startswith("http://localhost:3000/cb?"), to
    return fields


def is_let_in(**how):
    connect()
    fields = vouched(**how)
    assert "code" in fields, fields
    users = management("GET", "/users-by-email?email=ana@corp.example")
    assert [user["user_id"] for user in users] == ["samlp|xmlsec1|ana@corp.example"], users


def is_refused(reason, **how):
    connect()
    fields = vouched(**how)
    assert fields.get("error") == "access_denied" and reason in fields["error_description"], fields


def takes_sha1_if_it_signs_so():
    connect(signatureAlgorithm="rsa-sha1", digestAlgorithm="sha1")
    fields = vouched(algorithm="RSA-SHA1")
    assert "code" in fields, fields


for part in ("Assertion", "Response"):
    for algorithm in ("RSA-SHA1", "RSA-SHA256"):
        check(f"verifies what the tenant signs: {part}, {algorithm}", tenant_signs, part, algorithm)
for algorithm in ("aes256-cbc", "aes256-gcm"):
    check(f"decrypts and verifies what the tenant encrypts with {algorithm}", tenant_encrypts, algorithm)
for algorithm in ("RSA-SHA1", "RSA-SHA256"):
    check(f"verifies what a connection asks with {algorithm}", connection_signs, algorithm)

for parts in (("Assertion",), ("Response",), ("Assertion", "Response")):
    for algorithm in ("RSA-SHA256", "RSA-SHA512"):
        check(f"signs for a connection: {' and '.join(parts)}, {algorithm}",
              lambda: is_let_in(parts=parts, algorithm=algorithm))
check("signs with SHA-1, and is refused", lambda: is_refused("#sha1", algorithm="RSA-SHA1"))
check("signs with SHA-1 for a connection that does so itself", takes_sha1_if_it_signs_so)
for part in ("Assertion", "Response"):
    check(f"what is changed after it was signed is refused: {part}",
          lambda: is_refused("changed after it was signed", parts=(part,), change=("ana@corp", "bob@corp")))
check("signs with another key, and is refused",
      lambda: is_refused("thumbprint", pair=(STRANGERS_KEY, STRANGERS_CERTIFICATE)))
check("signs with another key beside the trusted certificate, and is refused",
      lambda: is_refused("signature is wrong", pair=(STRANGERS_KEY, CERTIFICATE)))
for data in (f"{OLD_ENCRYPTION}aes128-cbc", f"{OLD_ENCRYPTION}aes256-cbc",
             f"{NEW_ENCRYPTION}aes128-gcm", f"{NEW_ENCRYPTION}aes256-gcm"):
    for parts in (("Assertion",), ("Response",), ("Assertion", "Response")):
        check(f"encrypts for a connection with {data.split('#')[1]}; signed: {' and '.join(parts)}",
              lambda: is_let_in(parts=parts, encryption=(data, f"{OLD_ENCRYPTION}rsa-oaep-mgf1p")))
check("encrypts the key as PKCS #1 1.5 does, and is refused",
      lambda: is_refused("rsa-1_5", encryption=(f"{OLD_ENCRYPTION}aes128-cbc", f"{OLD_ENCRYPTION}rsa-1_5")))
check("encrypts with Triple DES, and is refused",
      lambda: is_refused("tripledes-cbc", encryption=(f"{OLD_ENCRYPTION}tripledes-cbc", f"{OLD_ENCRYPTION}rsa-oaep-mgf1p")))
sys.exit(check.end())
