"""The audit log as a file, written as it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from django.http import StreamingHttpResponse

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.models import Asker, AuditEvent, AuditEventQuerySet
from flowbuilder.tables.writing import attachment

COLUMNS = ["id", "at", "actor", "key", "action", "subject", "details"]


def export(*, asker: Asker, file: str, **wanted: Any) -> StreamingHttpResponse:
    """What fits ``wanted``, the newest first. Who took it away is recorded, and not in the file."""
    last = AuditEvent.objects.visible_to(asker).first()
    found = AuditEvent.objects.visible_to(asker).matching(**wanted)
    found = found.filter(created_at__lte=last.created_at) if last else found.none()
    told = {name: str(value) for name, value in wanted.items() if value}
    record(asker=asker, action="audit.exported", subject=f"audit.{file}", details=told)
    return attachment(rows(found), file=file, columns=COLUMNS, name="audit")


async def rows(events: AuditEventQuerySet) -> AsyncIterator[dict[str, Any]]:
    async for event in events.select_related("key").aiterator(chunk_size=500):
        yield {**row(event), "at": event.created_at.isoformat()}


def row(event: AuditEvent) -> dict[str, Any]:
    return {
        "id": str(event.pk),
        "at": event.created_at,
        "actor": event.actor_name,
        "key": event.key.name if event.key else None,
        "action": event.action,
        "subject": event.subject,
        "details": event.details,
    }
