"""A tiny SAML identity provider: it vouches for whom the test says, and signs it, or does what it must not."""

from __future__ import annotations

import base64
import html
import threading
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Xml

MAIL = "urn:oid:0.9.2342.19200300.100.1.3"
ANN = {MAIL: "Ann@Example.test", "urn:oid:2.5.4.42": "Ann", "urn:oid:2.5.4.4": "Lee"}


@dataclass
class Key:
    """A private key with its certificate, both as PEM."""

    private: str = ""
    certificate: str = ""

    def __post_init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        plain = serialization.NoEncryption()
        pkcs8 = serialization.PrivateFormat.PKCS8
        self.private = key.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode()
        certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        self.certificate = certificate.decode()

    @property
    def line(self) -> str:
        return "".join(self.certificate.splitlines()[1:-1])

    def signature_of(self, text: str) -> str:
        key = serialization.load_pem_private_key(self.private.encode(), None)
        return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


@dataclass
class Asked:
    """What stands in a request for sign-in."""

    id: str
    answer_to: str
    audience: str

    @classmethod
    def of(cls, address: str) -> Asked:
        sent = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
        root = etree.fromstring(zlib.decompress(base64.b64decode(sent), -15))
        issuer = root.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
        return cls(root.get("ID"), root.get("AssertionConsumerServiceURL"), issuer.strip())


@dataclass
class SamlProvider:
    person: dict[str, str] = field(default_factory=lambda: dict(ANN))
    key: Key = field(default_factory=Key)

    def __post_init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        # Another site than the installation's address of numbers, as a real one is.
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def metadata(self, *more: Key) -> str:
        keys = "".join(
            f'<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>'
            f"<X509Certificate>{key.line}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
            for key in (self.key, *more)
        )
        binding = 'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        return (
            f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.url}/idp">'
            f'<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}'
            f'<SingleLogoutService {binding} Location="{self.url}/left"/>'
            f'<SingleSignOnService {binding} Location="{self.url}/sso"/></IDPSSODescriptor></EntityDescriptor>'
        )

    def answer(self, asked: Asked, *, by: Key | None = None, **other: Any) -> dict[str, str]:
        """The form that its page posts. What it says otherwise than it should stands in ``other``."""
        by = by or self.key
        assertion = Xml.add_sign(
            self.assertion(asked, **other),
            by.private,
            by.certificate,
            False,
            Constants.RSA_SHA256,
            Constants.SHA256,
        ).decode()
        assertion = assertion.replace('<?xml version="1.0"?>', "").strip()
        if other.get("tampered"):
            assertion = assertion.replace("Ann@Example.test", "owner@example.test")
        return {"SAMLResponse": self.response(asked, assertion, **other), "RelayState": ""}

    def response(self, asked: Asked, assertion: str, **other: Any) -> str:
        to = other.get("in_response_to", asked.id)
        text = (
            f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_{uuid.uuid4().hex}" '
            f'Version="2.0" IssueInstant="{moment()}" Destination="{asked.answer_to}"'
            f"{answers(to)}>"
            f'<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{self.url}/idp</saml:Issuer>'
            '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:'
            f'{other.get("status", "Success")}"/></samlp:Status>{assertion}</samlp:Response>'
        )
        return base64.b64encode(text.encode()).decode()

    def assertion(self, asked: Asked, **other: Any) -> str:
        ends = moment(other.get("ends", 60))
        to = other.get("in_response_to", asked.id)
        told = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.person.items()
        )
        return (
            f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{uuid.uuid4().hex}" '
            f'Version="2.0" IssueInstant="{moment()}"><saml:Issuer>{other.get("issuer", f"{self.url}/idp")}'
            '</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:'
            f'{other.get("named", "persistent")}">{other.get("name", "ann-1")}</saml:NameID>'
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{ends}" Recipient="{asked.answer_to}"'
            f"{answers(to)}/></saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{moment(-60)}" NotOnOrAfter="{ends}"><saml:AudienceRestriction>'
            f"<saml:Audience>{other.get('audience', asked.audience)}</saml:Audience></saml:AudienceRestriction>"
            f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{moment()}"><saml:AuthnContext>'
            "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
            f"</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{told}"
            "</saml:AttributeStatement></saml:Assertion>"
        )

    def leaving(self, at: str, *, by: Key | None = None, signed: bool = True) -> str:
        """The query with which a browser tells ``at`` that its person has signed out."""
        text = (
            f'<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_{uuid.uuid4().hex}" '
            f'Version="2.0" IssueInstant="{moment()}" Destination="{at}">'
            '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">'
            f"{self.url}/idp</saml:Issuer>"
            '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">ann-1</saml:NameID>'
            "</samlp:LogoutRequest>"
        )
        small = zlib.compressobj(wbits=-15)
        sent = base64.b64encode(small.compress(text.encode()) + small.flush()).decode()
        query = f"SAMLRequest={quote(sent, safe='')}"
        if signed:
            query += f"&SigAlg={quote(Constants.RSA_SHA256, safe='')}"
            query += "&" + urlencode({"Signature": (by or self.key).signature_of(query)})
        return query

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler's own is self
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = Asked.of(self.path) if self.path.startswith("/sso") else None
                text = page(asked.answer_to, provider.answer(asked)) if asked else "<h1>Signed out</h1>"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def page(to: str, form: dict[str, str]) -> str:
    """It posts itself, from its own origin."""
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(form[name])}">' for name in form
    )
    return (
        f'<h1>Elsewhere</h1><form method="post" action="{html.escape(to)}">{fields}</form>'
        "<script>document.forms[0].submit()</script>"
    )


def answers(request: str) -> str:
    return f' InResponseTo="{request}"' if request else ""


def moment(seconds: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
