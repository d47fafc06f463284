"""The audit log: who did what, kept for the workspace's owner and admins."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from flowbuilder.accounts.models import Asker, AuditEvent


def record(*, asker: Asker, action: str, subject: str, details: dict[str, Any]) -> AuditEvent:
    """Add an event, in the caller's transaction: it stands exactly when what it tells of was done.

    ``details`` are shown as they are to owner and admins; a secret, or a person's text that is not about the
    action, has no place in them.
    """
    return AuditEvent.objects.create(
        workspace=asker.workspace,
        actor=asker.user,
        actor_name=asker.user.email if asker.user else "",
        key_id=asker.key_id,
        action=action,
        subject=subject[:200],
        details=details,
    )


def delete(*, asker: Asker, thing: models.Model, kind: str, subject: str = "") -> None:
    """Delete something small, of which nothing but its name is to be told: ``subject``, where it is not its own."""
    with transaction.atomic():
        record(asker=asker, action=f"{kind}.deleted", subject=subject or str(thing), details={})
        thing.delete()
