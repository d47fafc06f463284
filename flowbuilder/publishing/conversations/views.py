"""Pages of conversations: a list, one as a transcript, what is done with its turns."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.flows.models import Flow
from flowbuilder.fragments import is_partial
from flowbuilder.publishing.conversations import services
from flowbuilder.publishing.conversations.forms import FilterForm
from flowbuilder.publishing.conversations.reading import lines, turns_of
from flowbuilder.publishing.logs.views import as_file
from flowbuilder.runs.conversation import asked
from flowbuilder.runs.models import Door, Run
from flowbuilder.secrets.scrubbing import Scrubber

must_edit = page_must(
    edits, gettext_noop("Your role may read conversations; ask an editor of the workspace.")
)

SHOWN_A_PAGE = 30
SNIPPET = 160


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def page(request: HttpRequest) -> HttpResponse:
    """To htmx the part that the filter decides."""
    form = FilterForm(request.asker, request.GET)
    wanted = form.wanted()
    found = Paginator(wanted.found(request.asker), SHOWN_A_PAGE).get_page(request.GET.get("page"))
    shown = {"form": form, "wanted": wanted, "conversations": found, "rows": with_beginnings(request, found)}
    template = "conversations/list.html" if is_partial(request) else "conversations/page.html"
    return render(request, template, shown)


def with_beginnings(request: HttpRequest, found: Any) -> list[dict[str, Any]]:
    """Each with its address and its first question."""
    scrubber, doors = Scrubber.of(request.asker), dict(Door.choices)
    rows = []
    for row in found:
        runs = Run.objects.visible_to(request.asker).filter(
            flow=row["flow_id"], conversation=row["conversation"]
        )
        first = runs.order_by("created_at").first()
        begins = scrubber.clean(asked(first))[:SNIPPET] if first else ""
        url = address(row["flow_id"], row["conversation"])
        rows.append({**row, "begins": begins, "url": url, "door": doors.get(row["door"], row["door"])})
    return rows


def address(flow_id: Any, conversation: str) -> str:
    where = reverse("conversations:transcript", args=[flow_id])
    return f"{where}?{urlencode({'conversation': conversation})}"


@login_required
@require_GET
def transcript(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """``?conversation=``: one, as it was said."""
    flow = get_object_or_404(Flow.objects.visible_to(request.asker), pk=flow_id)
    conversation = request.GET.get("conversation", "")
    runs = list(turns_of(request.asker, flow, conversation))
    if not runs:
        raise Http404(_("There is no such conversation, or it is not yours."))
    scrubber = Scrubber.of(request.asker)
    turns = [
        {
            "run": run,
            "asked": scrubber.clean(asked(run)),
            "reply": scrubber.clean(run.reply),
            "error": scrubber.clean(run.error),
            "ratings": run.ratings.all(),
        }
        for run in runs
    ]
    page = {
        "flow": flow,
        "conversation": conversation,
        "turns": turns,
        "first": runs[0],
        "can_edit": bool(request.asker and request.asker.can_edit),
    }
    return render(request, "conversations/transcript.html", page)


@login_required
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    wanted = FilterForm(request.asker, request.GET).wanted()
    return as_file(lines(request.asker, wanted), "conversations.jsonl")


@login_required
@require_POST
def send(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """A turn goes to the review queue or the tests, or is corrected."""
    run = get_object_or_404(Run.objects.visible_to(request.asker).select_related("flow"), pk=run_id)
    must_edit(request)
    asked_for = request.POST.get("to")
    try:
        if asked_for == "tests":
            services.send_to_tests(asker=request.asker, run=run)
            said = _("It is a test case of the flow now.")
        elif asked_for == "correction":
            services.send_correction(asker=request.asker, run=run, answer=request.POST.get("answer", ""))
            said = _("The correction is kept.")
        else:
            services.send_to_review(asker=request.asker, run=run)
            said = _("It comes first in the review queue now.")
        messages.success(request, said)
    except ApiError as refused:
        messages.error(request, refused.message)
    return redirect(address(run.flow_id, run.conversation))


@login_required
@require_POST
def delete(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = get_object_or_404(Flow.objects.visible_to(request.asker), pk=flow_id)
    must_edit(request)
    try:
        services.delete(asker=request.asker, flow=flow, conversation=request.POST.get("conversation", ""))
    except ApiError as refused:
        raise Http404(refused.message) from refused
    messages.success(request, _("The conversation is deleted."))
    return redirect("conversations:list")
