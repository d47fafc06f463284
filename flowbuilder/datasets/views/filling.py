"""What comes into a draft from the page: a row that is written, a file, feedback."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import editing
from flowbuilder.datasets.collecting import collect
from flowbuilder.datasets.files import take_upload
from flowbuilder.datasets.forms import CollectForm, RowForm
from flowbuilder.datasets.models import Dataset
from flowbuilder.datasets.views.finding import find, must_edit
from flowbuilder.datasets.views.rows import contents


@login_required
@require_POST
def write(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    dataset = find(request, dataset_id)
    must_edit(request)
    form = RowForm(dataset.kind, None, request.POST)
    try:
        row = editing.incoming(dataset.kind, form.said())
        added = editing.add(dataset=dataset, rows=[row], by=request.asker.user)
    except ApiError as refused:
        return again(request, dataset, refused, "write", writing=form)
    messages.success(
        request, _("The row is in the draft.") if added.kept else _("The draft has this row already.")
    )
    return redirect("datasets:rows", dataset.pk)


@login_required
@require_POST
def import_file(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    """All rows of the file, or none and what is wrong with which."""
    dataset = find(request, dataset_id)
    must_edit(request)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ApiError("invalid", _("Choose a .jsonl, .csv or .parquet file."), 422)
        added = take_upload(dataset=dataset, upload=file, by=request.asker.user)
    except ApiError as refused:
        return again(request, dataset, refused, "import")
    said = _("%(kept)d rows came in; %(known)d were there before.") % {
        "kept": added.kept,
        "known": added.known,
    }
    if added.held_out:
        said += " " + _("%(n)d synthetic ones belong to held-out prompts and were left out.") % {
            "n": added.held_out
        }
    messages.success(request, said)
    return redirect("datasets:rows", dataset.pk)


@login_required
@require_POST
def collect_feedback(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    dataset = find(request, dataset_id)
    must_edit(request)
    form = CollectForm(request.asker, request.POST)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        return again(
            request, dataset, ApiError("invalid", f"{name}: {errors[0]}", 422), "collect", collecting=form
        )
    found = collect(dataset=dataset, wanted=form.wanted(), by=request.asker.user)
    said = _("%(kept)d new, %(known)d known, %(gone)d withdrawn, %(outvoted)d left out for disagreement.")
    told = {"kept": found.kept + found.restored, "known": found.known, "gone": found.withdrawn}
    messages.success(request, said % {**told, "outvoted": found.outvoted})
    return redirect("datasets:rows", dataset.pk)


def again(
    request: HttpRequest, dataset: Dataset, refused: ApiError, opened: str, **forms: Any
) -> HttpResponse:
    """The page with what is wrong, and the form as it was sent."""
    page = contents(
        request, dataset, opened=opened, refused=refused.message, details=refused.details, **forms
    )
    return render(request, "datasets/rows.html", page, status=refused.status)
