"""What an operation's path names, of what the asker may see."""

import uuid

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.datasets.models import Augmentation, Dataset, DatasetVersion, Row

must_edit = api_must(edits, "Your role may not change datasets; ask an editor of the workspace.")
AT_ONCE = 200
"""Rows of one answer."""


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


class Numbered(Schema):
    version: int | None = Field(None, ge=1, le=2**31 - 1)
    """Without it, the draft."""


def find_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> Row:
    dataset = find(request, dataset_id)
    row = dataset.rows.filter(pk=row_id).first() if row_id < 2**63 else None
    if row is None:
        raise ApiError("not_found", "There is no such row, or it is not yours.", 404)
    row.dataset = dataset
    return row


def find_augmentation(request: HttpRequest, augmentation_id: uuid.UUID) -> Augmentation:
    visible = Augmentation.objects.visible_to(request.asker).select_related("dataset")
    augmentation = visible.filter(pk=augmentation_id).first()
    if augmentation is None:
        raise ApiError("not_found", "There is no such augmentation, or it is not yours.", 404)
    return augmentation
