"""The audit log over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent

router = Router(tags=["audit"])


@router.get("/audit")
def list_events(
    request: HttpRequest,
    action: str = "",
    actor: str = "",
    subject: str = "",
    before: uuid.UUID | None = None,
    limit: int = Query(100, ge=1, le=500),
) -> list[dict[str, Any]]:
    """The newest first. ``before`` is the id of the last one that you have."""
    if not request.asker.can_administer:
        raise ApiError("forbidden", "The audit log is read by the workspace's owner and admins.", 403)
    events = AuditEvent.objects.visible_to(request.asker)
    found = events.matching(action=action, actor=actor, subject=subject).select_related("key")
    if before is not None:
        last = events.filter(pk=before).first()
        if last is None:
            raise ApiError("not_found", "'before' names no event of this log.", 404)
        found = found.older_than(last)
    return [row(event) for event in found[:limit]]


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
