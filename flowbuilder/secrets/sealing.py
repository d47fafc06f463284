"""Secrets at rest: encrypted with a key that is derived from the installation's secret-key file.

What is sealed names whose it is and the hosts it may go to, so that a row which somebody changes in the database opens
nothing. The key's id stands before the ciphertext: after a change of keys, the old ones of
``FLOWBUILDER_OLD_SECRET_KEYS`` still open what they sealed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """The key that sealed it is not here, or what is stored was changed."""


@dataclass(frozen=True)
class Opened:
    value: str
    hosts: tuple[str, ...]


def seal(owner: str, value: str, hosts: Sequence[str]) -> str:
    key_id, cipher = _cipher(settings.SECRET_KEY)
    told = json.dumps({"owner": owner, "hosts": list(hosts), "value": value}, ensure_ascii=False)
    return f"{key_id}:{cipher.encrypt(told.encode()).decode()}"


def unseal(owner: str, sealed: str) -> Opened:
    key_id, _, token = sealed.partition(":")
    known = dict(map(_cipher, (settings.SECRET_KEY, *settings.FLOWBUILDER_OLD_SECRET_KEYS)))
    if key_id not in known:
        raise CannotOpen
    try:
        told = json.loads(known[key_id].decrypt(token.encode()))
    except InvalidToken as error:
        raise CannotOpen from error
    if told["owner"] != owner:
        raise CannotOpen
    return Opened(told["value"], tuple(told["hosts"]))


@lru_cache(maxsize=8)
def _cipher(secret_key: str) -> tuple[str, Fernet]:
    """HKDF (RFC 5869): the file is random already, so that one round of SHA-256 is enough."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"flowbuilder secrets 1").derive(
        secret_key.encode()
    )
    return hashlib.sha256(derived).hexdigest()[:8], Fernet(base64.urlsafe_b64encode(derived))
