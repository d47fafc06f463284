"""The rows of a draft or of a version: paged, searched, narrowed to what is wrong with them."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.datasets import editing
from flowbuilder.datasets.forms import CollectForm, LookForm, RowForm
from flowbuilder.datasets.looking import look
from flowbuilder.datasets.models import Dataset
from flowbuilder.datasets.services import counted
from flowbuilder.datasets.views.finding import chosen_version, find, must_edit
from flowbuilder.fragments import is_partial
from flowbuilder.tables.reading import MOST_BYTES, MOST_ROWS

ROWS_A_PAGE = 25


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def row_list(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    """To htmx the part that the filter decides."""
    dataset = find(request, dataset_id)
    page = contents(request, dataset)
    return render(request, "datasets/row_list.html" if is_partial(request) else "datasets/rows.html", page)


@login_required
@require_POST
def remove_duplicates(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    dataset = find(request, dataset_id)
    must_edit(request)
    gone = editing.remove_duplicates(dataset=dataset)
    said = ngettext("%(n)d duplicate is removed.", "%(n)d duplicates are removed.", gone)
    messages.success(request, said % {"n": gone} if gone else _("There was no duplicate."))
    return redirect("datasets:rows", dataset.pk)


def contents(request: HttpRequest, dataset: Dataset, **more: Any) -> dict[str, Any]:
    form = LookForm(dataset, request.GET)
    asked = form.asked()
    version = chosen_version(dataset, asked.version)
    found = look(dataset, version, asked).select_related("by").order_by("id")
    shown = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    for row in shown:
        row.dataset = dataset
    return {
        "here": "rows",
        "dataset": dataset,
        "version": version,
        "form": form,
        "asked": asked,
        "rows": shown,
        "counts": counted(version.rows if version else dataset.draft),
        "differs": dataset.differs,
        "next": dataset.newest + 1,
        "writing": RowForm(dataset.kind),
        "collecting": CollectForm(request.asker),
        "most_rows": MOST_ROWS,
        "most_megabytes": MOST_BYTES // 2**20,
        **more,
    }
