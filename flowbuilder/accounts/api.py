"""The audit log over HTTP."""

import uuid
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema

from flowbuilder.accounts.audit_export import export, row
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.accounts.rights import administers, api_must

must_read = api_must(administers, "The audit log is read by the workspace's owner and admins.")

router = Router(tags=["audit"])


class AuditFilter(Schema):
    action: str = ""
    actor: str = ""
    subject: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


class AuditExport(AuditFilter):
    file: Literal["csv", "jsonl"] = "jsonl"


@router.get("/audit")
def list_events(
    request: HttpRequest,
    asked: Query[AuditFilter],
    before: uuid.UUID | None = None,
    limit: int = Query(100, ge=1, le=500),
) -> list[dict[str, Any]]:
    """The newest first. ``before`` is the id of the last one that you have."""
    must_read(request)
    events = AuditEvent.objects.visible_to(request.asker)
    found = events.matching(**asked.dict()).select_related("key")
    if before is not None:
        last = events.filter(pk=before).first()
        if last is None:
            raise ApiError("not_found", "'before' names no event of this log.", 404)
        found = found.older_than(last)
    return [row(event) for event in found[:limit]]


@router.post("/audit/exports")
def export_events(request: HttpRequest, body: AuditExport) -> StreamingHttpResponse:
    """All that fit, as a file; that it was taken away is an event itself."""
    must_read(request)
    return export(asker=request.asker, **body.dict())
