"""The page of logs: runs that a filter picks, the newest first; it may follow what comes in. As JSON lines, too."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from flowbuilder.fragments import is_partial
from flowbuilder.publishing.logs.forms import STATUSES, FilterForm
from flowbuilder.publishing.logs.reading import lines
from flowbuilder.runs.conversation import asked
from flowbuilder.runs.models import Run
from flowbuilder.secrets.scrubbing import Scrubber

RUNS_A_PAGE = 50
SHOWN = 300
"""Characters of what was asked and answered."""


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def page(request: HttpRequest) -> HttpResponse:
    """To htmx the part that the filter decides."""
    form = FilterForm(request.asker, request.GET)
    wanted = form.wanted()
    runs = wanted.runs(request.asker).select_related("flow", "version", "key", "person")
    found = Paginator(runs.defer("part"), RUNS_A_PAGE).get_page(request.GET.get("page"))
    scrubber = Scrubber.of(request.asker)
    shown = {
        "form": form,
        "wanted": wanted,
        "runs": found,
        "rows": [row(run, scrubber) for run in found],
        "tail": request.GET.get("tail") == "on",
    }
    return render(request, "logs/runs.html" if is_partial(request) else "logs/page.html", shown)


@login_required
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    wanted = FilterForm(request.asker, request.GET).wanted()
    runs = wanted.runs(request.asker).select_related("version")
    return as_file(lines(runs, Scrubber.of(request.asker)), "runs.jsonl")


def as_file(told: Any, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(told, content_type="application/x-ndjson; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def row(run: Run, scrubber: Scrubber) -> dict[str, Any]:
    took = (run.ended_at - run.created_at).total_seconds() if run.ended_at else None
    return {
        "run": run,
        "status": STATUSES[run.status],
        "asked": scrubber.clean(asked(run))[:SHOWN],
        "reply": scrubber.clean(run.reply)[:SHOWN],
        "error": scrubber.clean(run.error)[:SHOWN],
        "took": took,
    }
