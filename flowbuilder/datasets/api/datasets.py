"""Datasets over HTTP: made, counted, deleted."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.datasets import services, statistics
from flowbuilder.datasets.api.finding import Numbered, find, find_version, must_edit
from flowbuilder.datasets.models import Dataset, Kind
from flowbuilder.modelhub.registry import resolve

router = Router(tags=["datasets"])


class NewDataset(Schema):
    name: str = Field(max_length=63)
    kind: Literal[tuple(Kind.values)]
    train_share: int = Field(80, ge=1, le=100)
    """Percent of the prompts; what the two shares leave is the test's. They never change afterwards."""
    validation_share: int = Field(10, ge=0, le=99)


@router.get("/datasets")
def list_datasets(request: HttpRequest) -> list[dict[str, Any]]:
    found = Dataset.objects.visible_to(request.asker).prefetch_related("versions")
    return [dataset_row(dataset) for dataset in found[:500]]


@router.post("/datasets", response={201: dict[str, Any]})
def create_dataset(request: HttpRequest, body: NewDataset) -> Any:
    must_edit(request)
    made = services.create_dataset(workspace_id=request.asker.workspace.pk, **body.dict())
    return Status(201, dataset_row(made))


@router.get("/datasets/{uuid:dataset_id}")
def get_dataset(request: HttpRequest, dataset_id: uuid.UUID) -> dict[str, Any]:
    """One, with the counts of its draft, and whether that differs from the newest version."""
    dataset = find(request, dataset_id)
    draft = services.counted(dataset.draft)
    return {**dataset_row(dataset), "draft": draft, "differs": dataset.differs}


@router.delete("/datasets/{uuid:dataset_id}", response={204: None})
def delete_dataset(request: HttpRequest, dataset_id: uuid.UUID) -> Any:
    dataset = find(request, dataset_id)
    must_edit(request)
    services.delete_dataset(dataset, asker=request.asker)
    return Status(204, None)


class Measured(Numbered):
    model: str = Field("", max_length=120)
    """Whose tokens are counted beside the characters."""


@router.get("/datasets/{uuid:dataset_id}/statistics")
def get_statistics(request: HttpRequest, dataset_id: uuid.UUID, asked: Query[Measured]) -> dict[str, Any]:
    """Counts, lengths, duplicates; ``status`` is ``counting`` while a worker still does."""
    dataset = find(request, dataset_id)
    version = find_version(dataset, asked.version) if asked.version else None
    found = statistics.look(dataset, version)
    if found is None:
        return {"status": "counting" if version else "draft_too_large"}
    tokens = {}
    if asked.model:
        model = resolve(request.asker.workspace.pk, asked.model)
        tokens = {"tokens": statistics.token_lengths(version.rows if version else dataset.draft, model)}
    return {"status": "ready", **found, **tokens}


def dataset_row(dataset: Dataset) -> dict[str, Any]:
    versions = sorted(dataset.versions.all(), key=lambda version: -version.number)
    for version in versions:
        version.dataset = dataset
    return {
        "id": str(dataset.pk),
        "name": dataset.name,
        "kind": dataset.kind,
        "shares": {
            "train": dataset.train_share,
            "validation": dataset.validation_share,
            "test": dataset.test_share,
        },
        "newest": dataset.newest or None,
        "versions": [{"ref": version.ref, **version.counts} for version in versions[:50]],
        "created_at": dataset.created_at,
        "updated_at": dataset.updated_at,
    }
