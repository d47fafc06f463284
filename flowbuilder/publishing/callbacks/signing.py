"""How a call proves who sends it, by the Standard Webhooks specification 1.0.0: HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
BYTES = (24, 64)
"""A secret's length, least and most, as the specification has it."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """``ValueError`` where it is no secret of this kind."""
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    if not secret.startswith(PREFIX) or not BYTES[0] <= len(key) <= BYTES[1]:
        raise ValueError("a secret is 'whsec_' and the base64 of 24 to 64 bytes")
    return key


def headers_for(secret: str, message_id: str, timestamp: int, body: str) -> dict[str, str]:
    signed = f"{message_id}.{timestamp}.{body}".encode()
    digest = hmac.new(key_of(secret), signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
