"""Datasets and their versions: made, found by reference, frozen, compared."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, ProtectedError, Q
from django.utils.crypto import salted_hmac

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, User
from flowbuilder.datasets.editing import locked
from flowbuilder.datasets.models import Dataset, DatasetVersion, Kind, Origin, RowQuerySet, Split
from flowbuilder.datasets.statistics import count_soon
from nodes.base import NodeError

log = logging.getLogger(__name__)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
REFERENCE = re.compile(r"(?P<name>[^@:]+)(?:@(?P<number>\d{1,9}))?")


def create_dataset(
    *,
    workspace_id: uuid.UUID,
    name: str,
    kind: str,
    train_share: int = 80,
    validation_share: int = 10,
) -> Dataset:
    """An empty dataset; what is left of the shares is the test's. They never change afterwards."""
    if not NAME.fullmatch(name):
        message = f"'{name}' cannot name a dataset: use small letters, digits, '.', '_' and '-'."
        raise ApiError("invalid", message, 422)
    if kind not in Kind.values:
        raise ApiError("invalid", f"A dataset's kind is one of {', '.join(Kind.values)}.", 422)
    if train_share < 1 or validation_share < 0 or train_share + validation_share > 100:
        message = "The shares are percent: at least 1 for train, and together with validation at most 100."
        raise ApiError("invalid", message, 422)
    shares = {"train_share": train_share, "validation_share": validation_share}
    try:
        with transaction.atomic():
            return Dataset.objects.create(
                workspace_id=workspace_id, name=name, kind=kind, salt=salt_of(workspace_id), **shares
            )
    except IntegrityError as error:
        raise ApiError("conflict", f"There already is a dataset called '{name}'.", 409) from error


def salt_of(workspace_id: uuid.UUID) -> str:
    """One for all datasets of a workspace: a model that is taught on one of them and learns from choices of another
    is then judged on prompts that neither of them trains on, as long as their shares are the same."""
    return salted_hmac("flowbuilder.datasets.split", str(workspace_id), algorithm="sha256").hexdigest()[:32]


def delete_dataset(dataset: Dataset, *, asker: Asker) -> None:
    try:
        with transaction.atomic():
            record(
                asker=asker, action="dataset.deleted", subject=dataset.name, details={"kind": dataset.kind}
            )
            dataset.delete()
    except ProtectedError as error:
        message = f"Something was trained or measured on '{dataset.name}'; it stays with that."
        raise ApiError("conflict", message, 409) from error


def resolve(workspace_id: uuid.UUID, ref: str) -> DatasetVersion:
    """The version that ``name@3`` names, or the newest of ``name``; ``NodeError`` says what there is."""
    parsed = REFERENCE.fullmatch(ref.strip())
    versions = DatasetVersion.objects.filter(workspace_id=workspace_id).select_related("dataset")
    found = None
    if parsed:
        named = versions.filter(dataset__name=parsed["name"])
        found = (named.filter(number=int(parsed["number"])) if parsed["number"] else named).first()
    if found is None:
        raise NodeError(missing(workspace_id, ref))
    return found


def lacks(asker: Asker, ref: str) -> str:
    """Why a flow's reference leads to no version; empty where it leads to one."""
    try:
        resolve(asker.workspace.pk, ref)
    except NodeError as error:
        return str(error)
    return ""


def missing(workspace_id: uuid.UUID, ref: str) -> str:
    """What to say where a reference names nothing."""
    there = list(Dataset.objects.filter(workspace_id=workspace_id)[:20])
    unfrozen = next((dataset for dataset in there if dataset.name == ref and not dataset.newest), None)
    if unfrozen is not None:
        return f"Dataset '{ref}' has no version yet: freeze its draft first."
    names = ", ".join(f"{dataset.name}@{dataset.newest}" for dataset in there if dataset.newest) or "none yet"
    return f"There is no dataset '{ref}' in this workspace. There is: {names}."


def rows_for(
    workspace_id: uuid.UUID, ref: str, split: str | Sequence[str] = Split.TRAIN
) -> tuple[DatasetVersion, list[dict[str, Any]]]:
    """The version that ``ref`` names, and the contents of its rows in that split or those splits."""
    version = resolve(workspace_id, ref)
    splits = [split] if isinstance(split, str) else list(split)
    rows = version.rows.filter(split__in=splits).order_by("id")
    return version, list(rows.values_list("content", flat=True))


def freeze(*, dataset: Dataset, note: str = "", by: User | None = None) -> DatasetVersion:
    """The draft as the next version. ``ApiError`` 409 where nothing changed since the newest one."""
    with locked(dataset) as found:
        if not found.draft.exists():
            raise ApiError("invalid", f"'{found.name}' has no rows: add some before it is frozen.", 422)
        if not found.differs:
            message = f"Nothing changed since '{found.name}@{found.newest}': that is what would be frozen."
            raise ApiError("conflict", message, 409)
        number = found.newest + 1
        counts = counted(found.draft)
        found.draft.filter(first=None).update(first=number)
        found.newest = number
        found.save(update_fields=["newest", "updated_at"])
        dataset.newest = number
        version = DatasetVersion.objects.create(
            workspace_id=found.workspace_id,
            dataset=found,
            number=number,
            note=note,
            made_by=by,
            counts=counts,
        )
    count_soon(version)
    return version


def counted(rows: RowQuerySet) -> dict[str, int]:
    """Rows by split, and how many of all are synthetic."""
    split = {name: Count("pk", Q(split=name)) for name in Split.values}
    return dict(rows.order_by().aggregate(**split, synthetic=Count("pk", Q(origin=Origin.SYNTHETIC))))


def difference(older: DatasetVersion, newer: DatasetVersion | None) -> dict[str, Any]:
    """Rows that came, went and changed from one version to another, or to the draft where ``newer`` is None."""
    dataset = older.dataset
    before = older.rows
    after = newer.rows if newer else dataset.draft
    went = before.exclude(pk__in=after.order_by().values("pk"))
    came = after.exclude(pk__in=before.order_by().values("pk"))
    changed = came.filter(line__in=went.order_by().values("line"))
    return {
        "added": came.exclude(line__in=went.order_by().values("line")),
        "removed": went.exclude(line__in=came.order_by().values("line")),
        "changed": [(went.filter(line=row.line).first(), row) for row in changed[:SHOWN_CHANGES]],
        "changed_count": changed.count(),
    }


SHOWN_CHANGES = 200
