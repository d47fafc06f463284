"""What the administrator wrote of other systems' accounts, as allauth's settings want it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

Written = dict[str, dict[str, Any]]


def providers(oidc: Written, saml: Written) -> dict[str, Any]:
    """``SOCIALACCOUNT_PROVIDERS``; empty where nothing is set up."""
    found: dict[str, Any] = {}
    if oidc:
        found["openid_connect"] = {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [_oidc(name, told) for name, told in oidc.items()],
        }
    if saml:
        found["saml"] = {"APPS": [_saml(name, told) for name, told in saml.items()]}
    return found


def origins(oidc: Written, saml: Written) -> list[str]:
    """Where forms may lead: each provider's own address, and others that are listed under ``origins``."""
    written = [told.get("server_url") or told.get("sso_url", "") for told in (*oidc.values(), *saml.values())]
    more = [origin for told in (*oidc.values(), *saml.values()) for origin in told.get("origins", [])]
    return sorted({_origin(address) for address in written if address} | set(more))


def _oidc(name: str, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "provider_id": name,
        "name": told.get("name", name),
        "client_id": told["client_id"],
        "secret": told["secret"],
        "settings": {"server_url": told["server_url"]},
    }


def _saml(name: str, told: dict[str, Any]) -> dict[str, Any]:
    """The provider signs what it says, and vouches for the addresses in it."""
    return {
        "provider_id": told["entity_id"],
        "name": told.get("name", name),
        "client_id": name,
        "settings": {
            # Written out: metadata by its address would be fetched past the one checked way out.
            "idp": {
                "entity_id": told["entity_id"],
                "sso_url": told["sso_url"],
                "x509cert": told["certificate"],
            },
            "attribute_mapping": {
                "uid": "urn:oasis:names:tc:SAML:attribute:subject-id",
                "email": "urn:oid:0.9.2342.19200300.100.1.3",
                "first_name": "urn:oid:2.5.4.42",
                "last_name": "urn:oid:2.5.4.4",
                **told.get("attributes", {}),
            },
            "verified_email": True,
            "advanced": {"reject_idp_initiated_sso": True, "want_assertion_signed": True},
        },
    }


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
