"""What is done to secrets: kept, replaced, deleted, and told to the audit log by name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.secrets.hosts import hosts_of
from flowbuilder.secrets.models import Secret
from flowbuilder.secrets.sealing import seal

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
SHORTEST, LONGEST = 4, 8000
"""What is shorter could not be told from other text where an answer repeats it."""
MOST = 200


def keep(*, asker: Asker, name: str, value: str, hosts: str | Iterable[str]) -> Secret:
    """A new secret."""
    name = name.strip()
    if not NAME.fullmatch(name):
        raise ApiError(
            "invalid", "A name has up to 60 letters, digits, - and _, and begins with a letter.", 422
        )
    if Secret.objects.filter(workspace=asker.workspace).count() >= MOST:
        raise ApiError("conflict", f"A workspace may have {MOST} secrets; delete one.", 409)
    secret = Secret(workspace=asker.workspace, name=name)
    try:
        with transaction.atomic():
            _take(secret, asker, value, hosts)
            secret.save(force_insert=True)
            audit.record(asker=asker, action="secret.kept", subject=name, details={"hosts": secret.hosts})
    except IntegrityError as error:
        raise ApiError(
            "conflict", f"There is a secret '{name}' already: replace its value, or take another name.", 409
        ) from error
    return secret


def replace(*, asker: Asker, secret: Secret, value: str, hosts: str | Iterable[str]) -> None:
    """Another value, and where it may go. One without the other would let an editor send the old value elsewhere."""
    with transaction.atomic():
        _take(secret, asker, value, hosts)
        secret.save(update_fields=["sealed", "hosts", "changed_by", "changed_at"])
        details = {"hosts": secret.hosts}
        audit.record(asker=asker, action="secret.replaced", subject=secret.name, details=details)


def delete(*, asker: Asker, secret: Secret) -> None:
    with transaction.atomic():
        audit.record(asker=asker, action="secret.deleted", subject=secret.name, details={})
        secret.delete()


def _take(secret: Secret, asker: Asker, value: str, hosts: str | Iterable[str]) -> None:
    value = value.strip()
    if not SHORTEST <= len(value) <= LONGEST:
        raise ApiError("invalid", f"A value has {SHORTEST} to {LONGEST} characters.", 422)
    if not value.isprintable() and not value.startswith("-----BEGIN"):
        raise ApiError(
            "invalid", "A value has no line breaks and no other characters that cannot be printed.", 422
        )
    try:
        secret.hosts = hosts_of(hosts)
    except ValueError as error:
        raise ApiError("invalid", str(error), 422) from error
    secret.sealed = seal(secret.owner, value, secret.hosts)
    secret.changed_by, secret.changed_at = asker.user, timezone.now()
