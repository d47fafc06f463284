"""Versions of a dataset over HTTP, and what changed between two."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.datasets import services
from flowbuilder.datasets.api.finding import AT_ONCE, Numbered, find, find_version, must_edit
from flowbuilder.datasets.api.rows import row_of
from flowbuilder.datasets.models import DatasetVersion

router = Router(tags=["datasets"])


class NewDatasetVersion(Schema):
    note: str = Field("", max_length=200)


@router.get("/datasets/{uuid:dataset_id}/versions")
def list_dataset_versions(request: HttpRequest, dataset_id: uuid.UUID) -> list[dict[str, Any]]:
    versions = find(request, dataset_id).versions.select_related("dataset", "made_by")
    return [version_row(version) for version in versions]


@router.post("/datasets/{uuid:dataset_id}/versions", response={201: dict[str, Any]})
def freeze_draft(request: HttpRequest, dataset_id: uuid.UUID, body: NewDatasetVersion) -> Any:
    """Freeze the draft as the next version; 409 where nothing changed."""
    dataset = find(request, dataset_id)
    must_edit(request)
    version = services.freeze(dataset=dataset, note=body.note, by=request.asker.user)
    return Status(201, version_row(version))


class ComparedVersions(Numbered):
    since: int | None = Field(None, ge=1, le=2**31 - 1)
    """Without it, the version before."""


@router.get("/datasets/{uuid:dataset_id}/difference")
def get_difference(
    request: HttpRequest, dataset_id: uuid.UUID, asked: Query[ComparedVersions]
) -> dict[str, Any]:
    """What came, went and changed up to ``version``, or to the draft: counts, and two hundred of each."""
    dataset = find(request, dataset_id)
    newer = find_version(dataset, asked.version) if asked.version else None
    before = asked.since or (newer.number - 1 if newer else dataset.newest)
    found = services.difference(find_version(dataset, before), newer)
    changed = [{"before": row_of(before), "after": row_of(after)} for before, after in found["changed"]]
    return {
        "counts": {
            "added": found["added"].count(),
            "removed": found["removed"].count(),
            "changed": found["changed_count"],
        },
        "added": [row_of(row) for row in found["added"][:AT_ONCE]],
        "removed": [row_of(row) for row in found["removed"][:AT_ONCE]],
        "changed": changed,
    }


def version_row(version: DatasetVersion) -> dict[str, Any]:
    return {
        "id": str(version.pk),
        "ref": version.ref,
        "number": version.number,
        "note": version.note,
        "made_by": str(version.made_by) if version.made_by else None,
        "counts": version.counts,
        "created_at": version.created_at,
    }
