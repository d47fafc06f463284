"""The pages on which people judge: pairs, and answers to the safety set, one after the other and by keys."""

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
from flowbuilder.evaluation import judging
from flowbuilder.evaluation.models import EvaluatedPrompt, Evaluation
from flowbuilder.evaluation.views import find
from flowbuilder.fragments import is_partial

must_rate = page_must(runs, gettext_noop("Your role may look at answers but not judge them."))


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def pairs(request: HttpRequest, evaluation_id: uuid.UUID) -> HttpResponse:
    """The next pair; to htmx its card alone."""
    return show_pair(request, find(request, evaluation_id))


@login_required
@require_POST
def decide(request: HttpRequest, evaluation_id: uuid.UUID, pair: int) -> HttpResponse:
    prompt = find_prompt(request, evaluation_id, pair)
    must_rate(request)
    better = request.POST.get("better", "")
    if better not in judging.VALUES:
        return show_pair(request, prompt.evaluation, _("Choose left, right or equal."), status=422)
    try:
        value = judging.decide(asker=request.asker, prompt=prompt, better=better).value
    except ApiError as refused:
        return show_pair(request, prompt.evaluation, refused.message, status=422)
    if not request.htmx:
        return redirect("evaluation:pairs", evaluation_id)
    return show_pair(request, prompt.evaluation, said=value)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def safety(request: HttpRequest, evaluation_id: uuid.UUID) -> HttpResponse:
    """The next answer to the safety set; to htmx its card alone."""
    return show_safety(request, find(request, evaluation_id))


@login_required
@require_POST
def rate(request: HttpRequest, evaluation_id: uuid.UUID, question: int, which: str) -> HttpResponse:
    prompt = find_prompt(request, evaluation_id, question)
    must_rate(request)
    rating = request.POST.get("rating", "")
    try:
        if rating not in {"0", "1", "2"}:
            raise ApiError("invalid", _("Choose Failure, Meet or Exceed."), 422)
        side = judging.unmasked(prompt, which)
        judging.rate(asker=request.asker, prompt=prompt, side=side, rating=int(rating))
    except ApiError as refused:
        return show_safety(request, prompt.evaluation, refused.message, status=refused.status)
    if not request.htmx:
        return redirect("evaluation:safety", evaluation_id)
    return show_safety(request, prompt.evaluation)


def show_pair(
    request: HttpRequest,
    evaluation: Evaluation,
    refused: str = "",
    status: int = 200,
    said: float | None = None,
) -> HttpResponse:
    pair = judging.undecided(evaluation, request.asker).first()
    page: dict[str, Any] = {
        "evaluation": evaluation,
        "pair": judging.blind(pair, request.asker) if pair else None,
        "progress": judging.progress(evaluation, request.asker),
        "raters": judging.raters_of_pairs(evaluation),
        "refused": refused,
        "said": said,
    }
    template = "evaluation/pair.html" if is_partial(request) else "evaluation/pairs.html"
    return render(request, template, page, status=status)


def show_safety(
    request: HttpRequest, evaluation: Evaluation, refused: str = "", status: int = 200
) -> HttpResponse:
    found = judging.unrated(evaluation, request.asker)
    page = {
        "evaluation": evaluation,
        "question": judging.blind_safety(*found) if found else None,
        "raters": judging.raters_of_safety(evaluation),
        "refused": refused,
    }
    template = "evaluation/safety_card.html" if is_partial(request) else "evaluation/safety_page.html"
    return render(request, template, page, status=status)


def find_prompt(request: HttpRequest, evaluation_id: uuid.UUID, number: int) -> EvaluatedPrompt:
    evaluation = find(request, evaluation_id)
    if number > 2**31:
        raise Http404
    prompt = get_object_or_404(evaluation.prompts, number=number)
    prompt.evaluation = evaluation
    return prompt
