"""One row: shown, mended in its place, removed, restored, moved; what it was before."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import editing, splits
from flowbuilder.datasets.forms import MoveForm, RowForm
from flowbuilder.datasets.models import Row, Split
from flowbuilder.datasets.views.finding import find_row, must_edit
from flowbuilder.fragments import is_partial


@login_required
@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> HttpResponse:
    """GET shows it, with ``?mend`` as a form; POST puts other words in its place."""
    found = find_row(request, dataset_id, row_id)
    if request.method == "GET":
        return show(request, found, mend="mend" in request.GET)
    must_edit(request)
    form = RowForm(found.dataset.kind, found.content, request.POST)
    try:
        mended = editing.mend(row=found, content=form.said(), by=request.asker.user)
    except ApiError as refused:
        return show(request, found, mend=True, writing=form, refused=refused)
    return show(request, mended)


@login_required
@require_POST
def remove(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> HttpResponse:
    found = find_row(request, dataset_id, row_id)
    must_edit(request)
    editing.remove(dataset=found.dataset, rows=found.dataset.rows.filter(pk=found.pk))
    return after(request, find_row(request, dataset_id, row_id))


@login_required
@require_POST
def restore(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> HttpResponse:
    found = find_row(request, dataset_id, row_id)
    must_edit(request)
    return after(request, editing.restore(row=found, by=request.asker.user))


@login_required
@require_POST
def move(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> HttpResponse:
    found = find_row(request, dataset_id, row_id)
    must_edit(request)
    form = MoveForm(request.POST)
    try:
        if not form.is_valid():
            raise ApiError("invalid", _("Choose a split and say why the prompt moves."), 422)
        with editing.locked(found.dataset) as dataset:
            splits.move(dataset, found.group, person=request.asker.user, **form.cleaned_data)
    except ApiError as refused:
        return show(request, found, mend=True, refused=refused)
    return after(request, find_row(request, dataset_id, row_id))


@login_required
@require_GET
def history(request: HttpRequest, dataset_id: uuid.UUID, row_id: int) -> HttpResponse:
    """Every wording that it ever had, the newest first."""
    found = find_row(request, dataset_id, row_id)
    line = list(found.dataset.rows.filter(line=found.line).select_related("by").order_by("-id")[:100])
    for each in line:
        each.dataset = found.dataset
    page = {"here": "rows", "dataset": found.dataset, "row": found, "line": line}
    template = "datasets/history_list.html" if is_partial(request) else "datasets/history.html"
    return render(request, template, page)


def after(request: HttpRequest, found: Row) -> HttpResponse:
    return show(request, found) if request.htmx else redirect("datasets:rows", found.dataset_id)


def show(
    request: HttpRequest, found: Row, *, mend: bool = False, refused: ApiError | None = None, **more: Any
) -> HttpResponse:
    page = {
        "here": "rows",
        "dataset": found.dataset,
        "row": found,
        "mend": mend and found.alive,
        "writing": RowForm(found.dataset.kind, found.content),
        "splits": Split.choices,
        "refused": refused.message if refused else "",
        **more,
    }
    template = "datasets/row.html" if request.htmx else "datasets/row_page.html"
    return render(request, template, page, status=refused.status if refused else 200)
