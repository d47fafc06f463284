"""What the administrator wrote of other systems' accounts, as allauth's settings want it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

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


def with_metadata(saml: Written) -> Written:
    """What stands in a provider's metadata, written out; what is written beside the file counts more."""
    return {
        name: {**_read(name, told), **told} if told.get("metadata") else told for name, told in saml.items()
    }


def _read(name: str, told: dict[str, Any]) -> dict[str, str]:
    # A library for XML, which an installation without SAML need not load.
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser

    path = told["metadata"]
    try:
        found = Parser.parse(Path(path).read_bytes()).get("idp", {})
    except Exception as error:  # whatever the file is instead
        raise ImproperlyConfigured(
            f"SAML '{name}': {path} is no metadata that can be read: {error}"
        ) from error
    known = found.get("x509certMulti", {}).get("signing", [found.get("x509cert", "")])
    if len(known) > 1 and not told.get("certificate"):
        raise ImproperlyConfigured(
            f"SAML '{name}': {path} has {len(known)} certificates. Write the one that counts as \"certificate\" beside it."
        )
    read = {
        "entity_id": found.get("entityId", ""),
        "sso_url": found.get("singleSignOnService", {}).get("url", ""),
        "certificate": known[0],
    }
    if missing := [what for what, value in read.items() if not value]:
        raise ImproperlyConfigured(
            f"SAML '{name}': {path} has no {', '.join(missing)}. It has to be the metadata of an identity provider "
            "that is asked by HTTP-Redirect."
        )
    leaving = found.get("singleLogoutService", {}).get("url", "")
    return {**read, **({"slo_url": leaving} if leaving else {})}


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
                "slo_url": told.get("slo_url", ""),
            },
            "attribute_mapping": {
                "uid": "urn:oasis:names:tc:SAML:attribute:subject-id",
                "email": "urn:oid:0.9.2342.19200300.100.1.3",
                "first_name": "urn:oid:2.5.4.42",
                "last_name": "urn:oid:2.5.4.4",
                **told.get("attributes", {}),
            },
            "verified_email": True,
            "advanced": {
                "reject_idp_initiated_sso": True,
                "want_assertion_signed": True,
                # A name without a dot, as hosts inside a house have.
                "allow_single_label_domains": True,
            },
        },
    }


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
