"""Logs over HTTP: runs found by what was said in them, and the same with their events as JSON lines."""

import uuid
from datetime import date
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from flowbuilder.publishing.logs.reading import Wanted, lines, row
from flowbuilder.publishing.logs.views import as_file
from flowbuilder.secrets.scrubbing import Scrubber

router = Router(tags=["logs"])


class LogFilter(Schema):
    text: str = Field("", max_length=200)
    """In inputs, outputs and errors."""
    since: date | None = None
    until: date | None = None
    flow: uuid.UUID | None = None
    key: uuid.UUID | None = None
    status: str = Field("", max_length=10)
    door: str = Field("", max_length=10)

    def wanted(self) -> Wanted:
        return Wanted(**self.dict())


@router.get("/logs")
def list_logs(
    request: HttpRequest,
    filters: Query[LogFilter],
    limit: int = Query(50, ge=1, le=500),
    offset: int = Query(0, ge=0, le=10_000_000),
) -> list[dict[str, Any]]:
    """Runs of the last seven days, or from `since` to `until`, the newest first; secrets of the workspace are taken out."""
    runs = filters.wanted().runs(request.asker).select_related("version")[offset : offset + limit]
    scrubber = Scrubber.of(request.asker)
    return [scrubber.clean({**row(run), "inputs": run.inputs}) for run in runs]


@router.get("/logs/export")
def export_logs(request: HttpRequest, filters: Query[LogFilter]) -> StreamingHttpResponse:
    """One run a line, with its events but the single tokens."""
    runs = filters.wanted().runs(request.asker).select_related("version")
    return as_file(lines(runs, Scrubber.of(request.asker)), "runs.jsonl")
