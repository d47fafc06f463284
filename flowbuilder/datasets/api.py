"""Training data over HTTP: datasets with versions, splits and statistics."""

import datetime
import uuid
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from flowbuilder import leases
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.datasets import augmenting, collecting, editing, files, services, splits, statistics
from flowbuilder.datasets.looking import Looked, look
from flowbuilder.datasets.models import Augmentation, Dataset, DatasetVersion, Kind, Row, Split
from flowbuilder.feedback.forms import raters
from flowbuilder.flows.api import find as find_flow
from flowbuilder.modelhub.registry import resolve
from nodes.data.synthesis import Plan

must_edit = api_must(edits, "Your role may not change datasets; ask an editor of the workspace.")

router = Router(tags=["datasets"])
AT_ONCE = 200


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


class Numbered(Schema):
    version: int | None = Field(None, ge=1, le=2**31 - 1)
    """Without it, the draft."""


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


class RowFilter(Looked):
    offset: int = Field(0, ge=0, le=10_000_000)


@router.get("/datasets/{uuid:dataset_id}/rows")
def list_rows(request: HttpRequest, dataset_id: uuid.UUID, asked: Query[RowFilter]) -> dict[str, Any]:
    """Two hundred rows from ``offset`` on, and how many there are."""
    dataset = find(request, dataset_id)
    version = find_version(dataset, asked.version) if asked.version else None
    rows = look(dataset, version, asked)
    shown = rows.select_related("by").order_by("id")[asked.offset : asked.offset + AT_ONCE]
    return {"total": rows.count(), "rows": [row_of(row) for row in shown]}


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


class Content(Schema):
    content: dict[str, Any]


@router.post("/datasets/{uuid:dataset_id}/rows", response={201: dict[str, int]})
def write_row(request: HttpRequest, dataset_id: uuid.UUID, body: Content) -> Any:
    """Write a row into the draft."""
    dataset = find(request, dataset_id)
    must_edit(request)
    row = editing.incoming(dataset.kind, body.content)
    added = editing.add(dataset=dataset, rows=[row], by=request.asker.user)
    return Status(201, vars(added))


@router.put("/datasets/{uuid:dataset_id}/rows/{int:row_id}")
def mend_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int, body: Content) -> dict[str, Any]:
    """Other words in its place; the versions that hold it stay as they are."""
    row = find_row(request, dataset_id, row_id)
    must_edit(request)
    return row_of(editing.mend(row=row, content=body.content, by=request.asker.user))


@router.delete("/datasets/{uuid:dataset_id}/rows/{int:row_id}", response={204: None})
def remove_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> Any:
    """Out of the draft; the versions that hold it keep it."""
    row = find_row(request, dataset_id, row_id)
    must_edit(request)
    editing.remove(dataset=row.dataset, rows=row.dataset.rows.filter(pk=row.pk))
    return Status(204, None)


@router.post("/datasets/{uuid:dataset_id}/rows/{int:row_id}/restoration", response={201: dict[str, Any]})
def restore_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> Any:
    """As it was, in place of what became of it."""
    row = find_row(request, dataset_id, row_id)
    must_edit(request)
    return Status(201, row_of(editing.restore(row=row, by=request.asker.user)))


@router.get("/datasets/{uuid:dataset_id}/rows/{int:row_id}/history")
def row_history(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> list[dict[str, Any]]:
    """Every wording that it ever had, oldest first."""
    row = find_row(request, dataset_id, row_id)
    line = row.dataset.rows.filter(line=row.line).select_related("by").order_by("id")
    return [row_of(found) for found in line[:AT_ONCE]]


class Moved(Schema):
    split: Split
    reason: str = Field(min_length=1, max_length=300)


@router.put("/datasets/{uuid:dataset_id}/rows/{int:row_id}/split")
def move_prompt(request: HttpRequest, dataset_id: uuid.UUID, row_id: int, body: Moved) -> dict[str, int]:
    """Put the row's prompt, with all rows of it, into another split: with a reason, and before a version holds it."""
    row = find_row(request, dataset_id, row_id)
    must_edit(request)
    with editing.locked(row.dataset) as dataset:
        moved = splits.move(dataset, row.group, body.split, body.reason, request.asker.user)
    return {"moved": moved}


@router.delete("/datasets/{uuid:dataset_id}/duplicates")
def remove_duplicates(request: HttpRequest, dataset_id: uuid.UUID) -> dict[str, int]:
    """Of rows that say the same the first stays."""
    dataset = find(request, dataset_id)
    must_edit(request)
    return {"removed": editing.remove_duplicates(dataset=dataset)}


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


class NewAugmentation(Schema):
    plan: Plan = Plan()
    seeds: list[str | dict[str, Any]] = Field(default_factory=list, max_length=augmenting.MOST_SEEDS)
    """Rows, or texts where a model writes; without them rows of the draft's train split are drawn."""
    count: int = Field(100, ge=1, le=augmenting.MOST_SEEDS)
    """How many are drawn, at most."""
    q: str = Field("", max_length=200)
    """Words that the drawn ones say."""


@router.get("/datasets/{uuid:dataset_id}/augmentations")
def list_augmentations(request: HttpRequest, dataset_id: uuid.UUID) -> list[dict[str, Any]]:
    found = find(request, dataset_id).augmentations.select_related("dataset")
    return [augmentation_row(augmentation) for augmentation in found[:AT_ONCE]]


@router.post("/datasets/{uuid:dataset_id}/augmentations", response={202: dict[str, Any]})
def order_augmentation(request: HttpRequest, dataset_id: uuid.UUID, body: NewAugmentation) -> Any:
    """Have synthetic rows made from seeds: by small changes, or by a model. They go into the draft, marked, for training only."""
    dataset = find(request, dataset_id)
    must_edit(request)
    told = {"plan": body.plan, "seeds": body.seeds, "count": body.count, "q": body.q}
    return Status(202, augmentation_row(augmenting.order(asker=request.asker, dataset=dataset, **told)))


@router.get("/augmentations/{uuid:augmentation_id}")
def get_augmentation(request: HttpRequest, augmentation_id: uuid.UUID) -> dict[str, Any]:
    return augmentation_row(find_augmentation(request, augmentation_id))


@router.post("/augmentations/{uuid:augmentation_id}/cancellation", response={202: dict[str, Any]})
def cancel_augmentation(request: HttpRequest, augmentation_id: uuid.UUID) -> Any:
    """Stopped within seconds; what was made stays in the draft."""
    augmentation = find_augmentation(request, augmentation_id)
    must_edit(request)
    leases.cancel(augmentation)
    return Status(202, augmentation_row(find_augmentation(request, augmentation_id)))


def find_augmentation(request: HttpRequest, augmentation_id: uuid.UUID) -> Augmentation:
    visible = Augmentation.objects.visible_to(request.asker).select_related("dataset")
    augmentation = visible.filter(pk=augmentation_id).first()
    if augmentation is None:
        raise ApiError("not_found", "There is no such augmentation, or it is not yours.", 404)
    return augmentation


def find(request: HttpRequest, dataset_id: uuid.UUID) -> Dataset:
    dataset = Dataset.objects.visible_to(request.asker).filter(pk=dataset_id).first()
    if dataset is None:
        raise ApiError("not_found", "There is no such dataset, or it is not yours.", 404)
    return dataset


def find_version(dataset: Dataset, number: int) -> DatasetVersion:
    version = dataset.versions.filter(number=number).first()
    if version is None:
        raise ApiError("not_found", f"'{dataset.name}' has no version {number}.", 404)
    version.dataset = dataset
    return version


def find_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> Row:
    dataset = find(request, dataset_id)
    row = dataset.rows.filter(pk=row_id).first() if row_id < 2**63 else None
    if row is None:
        raise ApiError("not_found", "There is no such row, or it is not yours.", 404)
    row.dataset = dataset
    return row


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


def row_of(row: Row) -> dict[str, Any]:
    return {
        "id": row.pk,
        "content": row.content,
        "split": row.split,
        "origin": row.origin,
        "synthetic": row.origin == "synthetic",
        "source": row.source,
        "in_draft": row.alive,
        "first": row.first,
        "last": row.last,
        "gone": row.gone,
        "by": str(row.by) if row.by else None,
        "at": row.at,
    }


def augmentation_row(augmentation: Augmentation) -> dict[str, Any]:
    return {
        "id": str(augmentation.pk),
        "dataset": str(augmentation.dataset_id),
        "plan": augmentation.settings,
        "status": augmentation.status,
        "error": augmentation.error,
        "seeds": len(augmentation.seeds),
        "done": augmentation.done,
        "kept": augmentation.kept,
        "dropped": augmentation.dropped,
        "created_at": augmentation.created_at,
        "ended_at": augmentation.ended_at,
    }
