"""Searches ordered: what one is told, and a worker woken for it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.celery import app
from flowbuilder.flows.calls import with_called
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.services import parse_graph
from flowbuilder.leases import unheld
from flowbuilder.modelhub.registry import resolve
from flowbuilder.modelhub.services import GENERATES
from flowbuilder.prompting import rewriting
from flowbuilder.prompting.cases import Case, Measure
from flowbuilder.prompting.models import PromptSearch, SearchStatus
from flowbuilder.prompting.target import Target, target_of
from nodes.reward.scoring import Reward

log = logging.getLogger(__name__)
SEARCH = "flowbuilder.prompting.tasks.search"
WAKE_AGAIN = timedelta(seconds=10)


class Plan(BaseModel):
    """How a search goes about it."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    measure: Measure = "agreement"
    """How an answer is held against what is expected: by fields or words, letter for letter, or by containing it."""
    rewards: tuple[Reward, ...] = Field((), max_length=10)
    """Judge every answer, beside what the cases expect."""
    model: str = Field("", max_length=120)
    """Proposes prompts; empty takes the one that the prompt is for."""
    answers: int = Field(300, ge=10, le=5000)
    """How many answers it may ask for while it looks."""
    rounds: int = Field(4, ge=1, le=20)
    seed: int = Field(0, ge=0, le=10**9)


def order(
    *,
    asker: Asker,
    flow: Flow,
    node: str,
    setting: str,
    cases: Sequence[Case],
    plan: Plan,
    text: str | None = None,
) -> PromptSearch:
    """Accept a search for a better prompt, from ``text`` or from what stands in the draft."""
    target = target_of(parse_graph(flow.graph), catalogue(), node, setting)
    if text is not None:
        target = Target(target.with_text(text), node, setting)
    graph, _ = with_called(target.graph, workspace_id=flow.workspace_id, flow=flow, live=False)
    if len(cases) < 2:
        raise ApiError(
            "invalid", "A search needs at least two cases: one alone says little about a prompt.", 422
        )
    for number, case in enumerate(cases, start=1):
        if not (case.expects or plan.rewards):
            raise ApiError(
                "invalid",
                f"Case {number} expects nothing: give an 'expected' answer, a check, or rewards.",
                422,
            )
    if plan.model and plan.model != rewriting.BY_RULES:
        resolve(asker.workspace.pk, plan.model, kinds=GENERATES)
    search = PromptSearch.objects.create(
        workspace=flow.workspace,
        flow=flow,
        asked_by=asker.user,
        graph=graph.model_dump(mode="json"),
        node=node,
        setting=setting,
        start=target.text,
        cases=[case.model_dump(mode="json") for case in cases],
        plan=plan.model_dump(mode="json"),
    )
    wake_worker(search.pk)
    return search


def wake_worker(search_id: uuid.UUID) -> None:
    try:
        app.send_task(SEARCH, [str(search_id)], queue="flow", retry=False, expires=60)
    except Exception as error:
        log.warning("prompt search %s is accepted, but no worker could be woken: %s", search_id, error)


def sweep() -> None:
    """Wake a worker for what none holds."""
    for search in unheld(PromptSearch.objects.all())[:50]:
        queued = PromptSearch.objects.filter(pk=search.pk, status=SearchStatus.QUEUED)
        queued.update(lease_until=timezone.now() + WAKE_AGAIN)
        wake_worker(search.pk)
