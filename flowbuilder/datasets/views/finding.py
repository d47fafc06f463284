"""Whatever a page is about, found through who asks."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.datasets.models import Dataset, DatasetVersion, Row

must_edit = page_must(
    edits, gettext_noop("Your role may not change datasets; ask an editor of the workspace.")
)


def find(request: HttpRequest, dataset_id: uuid.UUID) -> Dataset:
    return get_object_or_404(Dataset.objects.visible_to(request.asker), pk=dataset_id)


def find_row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> Row:
    dataset = find(request, dataset_id)
    if row_id >= 2**63:
        raise Http404
    row = get_object_or_404(dataset.rows.select_related("by"), pk=row_id)
    row.dataset = dataset
    return row


def chosen_version(dataset: Dataset, number: Any) -> DatasetVersion | None:
    """The version of that number; None is the draft."""
    if not number:
        return None
    version = get_object_or_404(dataset.versions, number=number)
    version.dataset = dataset
    return version
