"""What fills a dataset over HTTP, and what it gives: files, and what people said of answers."""

import datetime
import uuid
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import collecting, files
from flowbuilder.datasets.api.finding import Numbered, find, find_version, must_edit
from flowbuilder.datasets.models import Split
from flowbuilder.feedback.forms import raters
from flowbuilder.flows.api import find as find_flow

router = Router(tags=["datasets"])


@router.post("/datasets/{uuid:dataset_id}/import", response={201: dict[str, int]})
def import_file(request: HttpRequest, dataset_id: uuid.UUID, file: UploadedFile = File(...)) -> Any:
    """Multipart field ``file``: .jsonl, .csv or .parquet. All its rows come in, or none."""
    dataset = find(request, dataset_id)
    must_edit(request)
    return Status(201, vars(files.take_upload(dataset=dataset, upload=file, by=request.asker.user)))


class RowExport(Numbered):
    split: Split | Literal[""] = ""
    file: Literal["jsonl", "csv", "parquet"] = "jsonl"
    details: bool = False
    """With the columns ``split`` and ``origin``, which an import understands."""


@router.get("/datasets/{uuid:dataset_id}/export")
def export_rows(
    request: HttpRequest, dataset_id: uuid.UUID, asked: Query[RowExport]
) -> StreamingHttpResponse:
    """JSON lines, CSV or Parquet, streamed."""
    dataset = find(request, dataset_id)
    version = find_version(dataset, asked.version) if asked.version else None
    return files.give(dataset=dataset, version=version, **asked.dict(exclude={"version"}))


class Collection(Schema):
    flow: uuid.UUID | None = None
    node: str = Field("", max_length=80)
    model: str = Field("", max_length=120)
    person: int | None = Field(None, ge=1, le=2**31)
    since: datetime.datetime | None = None
    agreement: float = Field(0, ge=0, le=1)
    """Where raters contradict each other, the share that must agree; 0 takes everything as it was said."""
    proven: float | None = Field(None, ge=0, le=1)
    """The share of gold items that a rater must have got right."""


@router.post("/datasets/{uuid:dataset_id}/collection")
def collect_feedback(request: HttpRequest, dataset_id: uuid.UUID, body: Collection) -> dict[str, int]:
    """Bring the draft up to what people say now; asked again, it changes nothing."""
    dataset = find(request, dataset_id)
    must_edit(request)
    flows = [find_flow(request, body.flow).pk] if body.flow else []
    if body.person and not raters(request.asker).filter(pk=body.person).exists():
        raise ApiError("not_found", "Nobody of that number rated anything here.", 404)
    wanted = collecting.Wanted(flows=flows, **body.dict(exclude={"flow"}))
    return vars(collecting.collect(dataset=dataset, wanted=wanted, by=request.asker.user))
