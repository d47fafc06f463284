"""Uploads to the hub over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.modelhub import uploading
from flowbuilder.modelhub.api import find as find_version
from flowbuilder.modelhub.api import must_edit
from flowbuilder.modelhub.models import HubUpload

router = Router(tags=["models"])


class NewUpload(Schema):
    repository: str = Field(min_length=3, max_length=200)
    """Of the hub: ``owner/name``. It is made where it is not there."""
    private: bool = True
    confirm: bool = False
    """That the version's bytes are to leave this machine."""


@router.get("/models/{uuid:version_id}/uploads")
def list_uploads(request: HttpRequest, version_id: uuid.UUID) -> list[dict[str, Any]]:
    """The newest first."""
    return [row(upload) for upload in find_version(request, version_id).uploads.select_related("person")]


@router.post("/models/{uuid:version_id}/uploads", response={202: dict[str, Any]})
def start_upload(request: HttpRequest, version_id: uuid.UUID, body: NewUpload) -> Any:
    """Send a version to the hub; a worker does it with the token of its environment (HF_TOKEN)."""
    version = find_version(request, version_id)
    must_edit(request)
    return Status(202, row(uploading.request_upload(version=version, asker=request.asker, **body.dict())))


@router.get("/uploads/{uuid:upload_id}")
def get_upload(request: HttpRequest, upload_id: uuid.UUID) -> dict[str, Any]:
    return row(find(request, upload_id))


@router.post("/uploads/{uuid:upload_id}/cancellation", response={202: dict[str, Any]})
def cancel_upload(request: HttpRequest, upload_id: uuid.UUID) -> Any:
    """Before the commit that would show it, nothing is seen on the hub."""
    upload = find(request, upload_id)
    must_edit(request)
    uploading.cancel_upload(upload)
    return Status(202, row(find(request, upload_id)))


def find(request: HttpRequest, upload_id: uuid.UUID) -> HubUpload:
    upload = HubUpload.objects.visible_to(request.asker).select_related("person").filter(pk=upload_id).first()
    if upload is None:
        raise ApiError("not_found", "There is no such upload, or it is not yours.", 404)
    return upload


def row(upload: HubUpload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "version": str(upload.version_id),
        "repository": upload.repository,
        "private": upload.private,
        "status": upload.status,
        "error": upload.error,
        "commit": upload.commit,
        "progress": upload.progress,
        "by": upload.person.email if upload.person else None,
        "created_at": upload.created_at,
    }
