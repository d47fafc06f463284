"""The pages of the review queue: one answer, pair or ranking at a time, by keys."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import page_must, runs
from flowbuilder.feedback import comparisons, gold, queue, services
from flowbuilder.feedback.answers import Told
from flowbuilder.feedback.forms import PairForm, QueueForm, RankingForm, ReviewForm
from flowbuilder.feedback.models import Comparison, Gold, Reason
from flowbuilder.fragments import is_partial
from flowbuilder.runs.models import Run

must_rate = page_must(runs, gettext_noop("Your role may look at answers but not rate them."))


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def show(request: HttpRequest) -> HttpResponse:
    """What comes next; to htmx the queue alone."""
    return answer(request, waiting(request))


@login_required
@require_POST
def rate_answer(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Keep one verdict, of a run's answer or of a gold item, then show what comes next."""
    chosen = QueueForm(request.asker, request.GET)
    run = Run.objects.visible_to(request.asker).filter(pk=item_id).select_related("flow").first()
    item = None if run else Gold.objects.visible_to(request.asker).filter(pk=item_id).first()
    if run is None and item is None:
        raise Http404
    must_rate(request)
    form = ReviewForm(request.POST)
    try:
        if not form.is_valid():
            raise ApiError("invalid", _("Choose up, down, skip or correct."), 422)
        if run is not None:
            services.rate(asker=request.asker, run=run, node=chosen.chosen_node, **form.rating())
        elif item is not None:
            gold.answer(asker=request.asker, gold=item, up=form.verdict_of(item.answer))
    except ApiError as refused:
        shown = queue.of_run(run, chosen.chosen_node) if run else queue.of_gold(item, chosen.chosen_node)
        page = {**waiting(request), "item": shown, "correction": form["correction"].value()}
        return answer(request, {**page, "refused": refused.message}, 422)
    return after(request)


@login_required
@require_POST
def judge_pair(request: HttpRequest, comparison_id: uuid.UUID) -> HttpResponse:
    """Keep who is better, then show the next pair."""
    visible = Comparison.objects.visible_to(request.asker).select_related("left", "right", "workspace")
    comparison = get_object_or_404(visible, pk=comparison_id)
    must_rate(request)
    form = PairForm(request.POST)
    try:
        if not form.is_valid():
            raise ApiError("invalid", _("Choose left, right, equal or skip."), 422)
        comparisons.decide(asker=request.asker, comparison=comparison, **form.cleaned_data)
    except ApiError as refused:
        return answer(request, {**waiting(request, "pairs"), "refused": refused.message}, 422)
    return after(request, "pairs")


@login_required
@require_POST
def rank(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Keep an order of a node's answers, then show the next."""
    run = get_object_or_404(Run.objects.visible_to(request.asker), pk=run_id)
    must_rate(request)
    form = RankingForm(request.POST)
    try:
        if not form.is_valid():
            raise ApiError("invalid", _("Put every answer in its place."), 422)
        services.rate(asker=request.asker, run=run, **form.rating())
    except ApiError as refused:
        return answer(request, {**waiting(request, "rankings"), "refused": refused.message}, 422)
    return after(request, "rankings")


def after(request: HttpRequest, what: str = "answers") -> HttpResponse:
    if request.htmx:
        return answer(request, waiting(request, what))
    return redirect(f"{request.path_info.split('review/')[0]}review/?what={what}")


def answer(request: HttpRequest, page: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "feedback/queue.html" if is_partial(request) else "feedback/review.html"
    return render(request, template, page, status=status)


def waiting(request: HttpRequest, what: str = "") -> dict[str, Any]:
    """What comes next of the kind that is asked for, and how many of each wait."""
    chosen = QueueForm(request.asker, request.GET)
    what = what or chosen.chosen_what
    if not request.asker:
        return {"what": what, "waits": {}}
    rankings = queue.rankings(request.asker)
    pairs = queue.pairs(request.asker)
    item, left = queue.next_answer(request.asker, chosen.chosen_flow, chosen.chosen_node)
    page: dict[str, Any] = {
        "what": what,
        "form": chosen,
        "left": left,
        "most": queue.COUNTED_TO,
        "waits": {
            "answers": left,
            "pairs": pairs[: queue.COUNTED_TO].count(),
            "rankings": len(rankings),
        },
        "reasons": Reason.choices,
        "nodes": queue.nodes_of(chosen.chosen_flow) if chosen.chosen_flow else (),
    }
    if what == "pairs":
        return {**page, **next_pair(pairs)}
    if what == "rankings":
        return {**page, **next_ranking(rankings)}
    return {**page, "item": item}


def next_pair(pairs: Any) -> dict[str, Any]:
    for comparison in pairs.select_related("left__flow", "right", "flow")[: queue.LOOKED_AT]:
        try:
            return {"comparison": comparison, "sides": comparisons.answers(comparison)}
        except ApiError:  # a side without text
            continue
    return {}


def next_ranking(rankings: list[tuple[Run, str]]) -> dict[str, Any]:
    if not rankings:
        return {}
    run, node = rankings[0]
    return {"run": run, "ranked": Told(run).answer(node)}
