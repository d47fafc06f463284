"""A secret on its way to a host. Only what sends requests calls this, and nothing keeps what it gives."""

from __future__ import annotations

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.utils import timezone

from flowbuilder.secrets.hosts import goes_to
from flowbuilder.secrets.models import Secret
from flowbuilder.secrets.sealing import CannotOpen, unseal
from nodes.base import NodeError

PORTS = {"http": 80, "https": 443, "smtp": 25}
MOST_NAMED = 10


async def revealed(workspace_id: uuid.UUID, name: str, url: str) -> str:
    """The value, where it may go to the host of ``url``; ``NodeError`` names the secret and says why not."""
    return await sync_to_async(reveal)(workspace_id, name, url)


def reveal(workspace_id: uuid.UUID, name: str, url: str) -> str:
    known = Secret.objects.filter(workspace_id=workspace_id)
    secret = known.filter(name=name).first()
    if secret is None:
        listed = ", ".join(known.values_list("name", flat=True)[:MOST_NAMED]) or "none"
        raise NodeError(f"There is no secret '{name[:60]}' in this workspace. There is: {listed}.")
    try:
        opened = unseal(secret.owner, secret.sealed)
    except CannotOpen as error:
        raise NodeError(
            f"The secret '{name}' cannot be opened with this installation's key; enter its value anew."
        ) from error
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not goes_to(opened.hosts, host, parts.port or PORTS.get(parts.scheme, 0)):
        raise NodeError(
            f"The secret '{name}' may not be sent to '{parts.netloc[:100]}'; it is for {', '.join(opened.hosts)}."
        )
    now = timezone.now()
    if secret.used_at is None or now - secret.used_at > timedelta(minutes=1):
        Secret.objects.filter(pk=secret.pk).update(used_at=now)
    return opened.value
