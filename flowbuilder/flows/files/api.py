"""Flows as files over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from flowbuilder.flows.api import find, must_edit, summary
from flowbuilder.flows.files import bundles
from flowbuilder.flows.files.taking import Existing, Taken, take
from flowbuilder.flows.models import Flow

router = Router(tags=["flows"])


@router.get("/flows/{uuid:flow_id}/file")
def get_file(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """The draft as a file: without pins, breakpoints and anything of this workspace but names."""
    flow = find(request, flow_id)
    return _download(bundles.as_one_file(flow).encode(), f"{flow.slug}.json", "application/json")


@router.get("/flow-files")
def get_files(request: HttpRequest) -> HttpResponse:
    """Every flow of the workspace in a zip file: a folder that is fit for Git."""
    flows = Flow.objects.visible_to(request.asker).order_by("slug")
    return _download(bundles.as_zip(flows), "flows.zip", "application/zip")


@router.post("/flow-files", response={201: list[dict[str, Any]]})
def import_files(
    request: HttpRequest, files: File[list[UploadedFile]], existing: Form[Existing] = Existing.COPY
) -> Any:
    """Import flow files or zip files of them (multipart `files`), all or none. `existing`: copy, replace or keep
    flows that are here under the same slug."""
    must_edit(request)
    taken = take(asker=request.asker, files=read_uploads(files), existing=existing)
    return Status(201, [row(each) for each in taken])


def read_uploads(files: list[UploadedFile]) -> list[Any]:
    return bundles.read_all((file.name or "flow.json", file.read()) for file in files)


def row(taken: Taken) -> dict[str, Any]:
    return {
        "file": taken.file,
        "done": taken.done,
        "flow": summary(taken.flow),
        "problems": [vars(problem) for problem in taken.problems],
    }


def _download(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
