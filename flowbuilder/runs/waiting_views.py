"""The page of what flows wait for people for: a card for each, with its form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.runs import approvals, waits
from flowbuilder.runs.models import Run, Wait
from nodes.flow.fields import fields_of

MOST = 100
LATELY = 20
BEFORE = "values."
"""Before the names of what the form asks for: it may ask for a comment, too."""


@dataclass(frozen=True)
class Card:
    """One wait as it is shown, with what was typed and what is wrong with that."""

    wait: Wait
    typed: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def comment(self) -> str:
        return str(self.typed.get("comment", ""))

    @property
    def fields(self) -> list[dict[str, Any]]:
        return [
            {
                "field": asked.describe(),
                "value": self.typed.get(BEFORE + asked.name),
                "error": self.wrong.get(asked.name),
            }
            for asked in fields_of(self.wait.about.get("form"))
        ]


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    cards = [Card(wait) for wait in approvals.open_to(request.asker)[:MOST]]
    decided = approvals.decided_for(request.asker)[:LATELY]
    return render(request, "waiting/page.html", {"cards": cards, "decided": decided})


@login_required
@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """For the link to the page; empty where nothing waits."""
    found = approvals.open_to(request.asker).count()
    return HttpResponse(str(found) if found else "")


@login_required
@require_POST
def answer(request: HttpRequest, wait_id: int) -> HttpResponse:
    """Approve or refuse; to htmx the card, decided or with what is wrong."""
    seen = Wait.objects.filter(run__in=Run.objects.visible_to(request.asker), about__kind="approval")
    wait = get_object_or_404(seen.select_related("run__flow"), pk=wait_id)
    if not request.asker.can_run:
        raise PermissionDenied(_("Your role may look at flows but not decide."))
    typed = request.POST.dict()
    sent = {
        "outcome": typed.get("outcome", ""),
        "comment": typed.get("comment", "")[: approvals.LONGEST_COMMENT],
        "values": values_of(typed) | values_of(files_of(request)),
    }
    try:
        waits.resolve(asker=request.asker, run=wait.run, node=wait.node_id, said=sent)
    except ApiError as refused:
        return refused_card(request, Card(wait, typed, *told(refused)), refused.status)
    if not request.htmx:
        return redirect("waiting:list")
    wait.refresh_from_db(fields=["answer", "resolved_at"])
    return render(request, "waiting/done.html", {"wait": wait})


def values_of(typed: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix(BEFORE): value for name, value in typed.items() if name.startswith(BEFORE)}


def files_of(request: HttpRequest) -> dict[str, str]:
    return {name: file.read().decode("utf-8", errors="replace") for name, file in request.FILES.items()}


def told(refused: ApiError) -> tuple[dict[str, str], str]:
    """What is wrong with which field; what concerns none of them stands above."""
    details = refused.details if isinstance(refused.details, list) else []
    wrong = {row["where"].removeprefix("values."): row["message"] for row in details}
    return wrong, "" if wrong else refused.message


def refused_card(request: HttpRequest, card: Card, status: int) -> HttpResponse:
    if request.htmx:
        return render(request, "waiting/card.html", {"card": card}, status=status)
    others = [Card(wait) for wait in approvals.open_to(request.asker)[:MOST] if wait.pk != card.wait.pk]
    return render(request, "waiting/page.html", {"cards": [card, *others]}, status=status)
