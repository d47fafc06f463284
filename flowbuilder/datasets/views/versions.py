"""A dataset's versions: frozen, compared, measured."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import services, statistics
from flowbuilder.datasets.bars import histograms
from flowbuilder.datasets.looking import TOO_LONG
from flowbuilder.datasets.models import Dataset, DatasetVersion, Origin, Split
from flowbuilder.datasets.views.finding import chosen_version, find, must_edit
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub.models import ModelVersion, VersionStatus
from flowbuilder.modelhub.registry import resolve
from nodes.base import NodeError

SHOWN = 50


@login_required
@require_http_methods(["GET", "POST"])
def version_list(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    """GET shows them; POST freezes the draft as the next one."""
    dataset = find(request, dataset_id)
    if request.method == "POST":
        must_edit(request)
        try:
            note = request.POST.get("note", "")[:200]
            version = services.freeze(dataset=dataset, note=note, by=request.asker.user)
            messages.success(request, _("“%(ref)s” is frozen and can be trained on.") % {"ref": version.ref})
        except ApiError as refused:
            messages.error(request, refused.message)
        return redirect("datasets:versions", dataset.pk)
    versions = list(dataset.versions.select_related("made_by").defer("statistics"))
    for version in versions:
        version.dataset = dataset
    page = {"here": "versions", "dataset": dataset, "versions": versions, "differs": dataset.differs}
    return render(request, "datasets/versions.html", {**page, "next": dataset.newest + 1})


@login_required
@require_GET
def difference(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    """From one version to another, or to the draft."""
    dataset = find(request, dataset_id)
    newer = chosen_version(dataset, number(request, "version"))
    before = number(request, "since") or (newer.number - 1 if newer else dataset.newest)
    older = chosen_version(dataset, before)
    if older is None:
        raise Http404
    found = services.difference(older, newer)
    page = {
        "here": "versions",
        "dataset": dataset,
        "older": older,
        "newer": newer,
        "added_count": found["added"].count(),
        "removed_count": found["removed"].count(),
        **{name: found[name][:SHOWN] for name in ("added", "removed", "changed")},
        "changed_count": found["changed_count"],
        "shown": SHOWN,
    }
    return render(request, "datasets/difference.html", page)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def statistics_page(request: HttpRequest, dataset_id: uuid.UUID) -> HttpResponse:
    """Of the newest version, unless another or the draft is asked for; htmx asks again while a worker counts."""
    dataset = find(request, dataset_id)
    asked = request.GET.get("version", "")
    wanted = dataset.newest if not asked else number(request, "version")
    version = chosen_version(dataset, wanted)
    page = {
        "here": "statistics",
        "dataset": dataset,
        "version": version,
        **measured(request, dataset, version),
    }
    template = "datasets/figures.html" if is_partial(request) else "datasets/statistics.html"
    return render(request, template, page)


def measured(request: HttpRequest, dataset: Dataset, version: DatasetVersion | None) -> dict[str, Any]:
    found = statistics.look(dataset, version)
    models = ModelVersion.objects.visible_to(request.asker).filter(status=VersionStatus.READY)
    page: dict[str, Any] = {
        "numbers": range(dataset.newest, 0, -1),
        "models": models.select_related("model"),
        "model": request.GET.get("model", ""),
        "found": found,
        "too_long": TOO_LONG,
    }
    if not found:
        return page
    page["histograms"] = histograms(found["lengths"])
    page["parts"] = [
        (label, found["splits"][name])
        for name, label in [("all", _("All")), *Split.choices]
        if name in found["splits"]
    ]
    page["origins"] = Origin.choices
    if page["model"]:
        try:
            model = resolve(request.asker.workspace.pk, page["model"])
            rows = version.rows if version else dataset.draft
            tokens = statistics.token_lengths(rows, model)
            page |= {"tokens": tokens, "token_histograms": histograms(tokens["lengths"])}
        except NodeError as refused:
            page["refused"] = str(refused)
    return page


def number(request: HttpRequest, name: str) -> int | None:
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None
