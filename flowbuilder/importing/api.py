"""Imports over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.flows.files.taking import Existing
from flowbuilder.importing import services
from flowbuilder.importing.models import Import
from flowbuilder.importing.parsing import MOST_BYTES

must_edit = api_must(edits, "Your role may not import flows; ask an editor of the workspace.")

router = Router(tags=["imports"])


@router.get("/imports")
def list_imports(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest hundred, without their reports."""
    return [row(found) for found in Import.objects.visible_to(request.asker).defer("held")[:100]]


@router.post("/imports", response={201: dict[str, Any]})
def create_import(
    request: HttpRequest,
    files: File[list[UploadedFile]],
    preview: Form[bool] = False,
    existing: Form[Existing] = Existing.COPY,
) -> Any:
    """Import files of Flowise (flows, workspaces, tools), Langflow, Dify or this builder, or zip files of them
    (multipart `files`), all or none. Nothing runs and nothing is contacted. `preview`: only say what would be made.
    `existing`: what becomes of flows of this builder that are here under the same slug."""
    must_edit(request)
    found = services.preview(asker=request.asker, files=read_uploads(files))
    if not preview:
        found = services.make(asker=request.asker, imported=found, existing=existing)
    return Status(201, {**row(found), "report": found.report})


@router.get("/imports/{uuid:import_id}")
def get_import(request: HttpRequest, import_id: uuid.UUID) -> dict[str, Any]:
    found = find(request, import_id)
    return {**row(found), "report": found.report}


@router.post("/imports/{uuid:import_id}/completion", response={201: dict[str, Any]})
def complete_import(
    request: HttpRequest, import_id: uuid.UUID, existing: Form[Existing] = Existing.COPY
) -> Any:
    """Make what a preview said. 409 where that is done already."""
    found = find(request, import_id)
    must_edit(request)
    found = services.make(asker=request.asker, imported=found, existing=existing)
    return Status(201, {**row(found), "report": found.report})


@router.delete("/imports/{uuid:import_id}", response={204: None})
def delete_import(request: HttpRequest, import_id: uuid.UUID) -> Any:
    """Throw a preview or a report away; what was imported stays."""
    found = find(request, import_id)
    must_edit(request)
    audit.delete(asker=request.asker, thing=found, kind="import")
    return Status(204, None)


def find(request: HttpRequest, import_id: uuid.UUID) -> Import:
    found = Import.objects.visible_to(request.asker).filter(pk=import_id).first()
    if found is None:
        raise ApiError("not_found", "There is no such import, or it is not yours.", 404)
    return found


def read_uploads(files: list[UploadedFile]) -> list[tuple[str, bytes]]:
    """What is too large is refused before it is in memory."""
    if sum(file.size or 0 for file in files) > MOST_BYTES:
        told = f"Together the files are larger than {MOST_BYTES // 2**20} MB; divide them."
        raise ApiError("too_large", told, 413)
    return [((file.name or "flow.json").replace("\\", "/").rpartition("/")[2], file.read()) for file in files]


def row(found: Import) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "status": found.status,
        "files": found.files,
        "created_at": found.created_at,
        "flows": len(found.report.get("flows", [])),
        "placeholders": found.placeholders,
    }
