"""Whatever a page is about, found through who asks."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from flowbuilder.datasets.models import Dataset, DatasetVersion, Row


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


def must_edit(request: HttpRequest) -> None:
    if not request.asker or not request.asker.can_edit:
        raise PermissionDenied(_("Your role may not change datasets; ask an editor of the workspace."))
