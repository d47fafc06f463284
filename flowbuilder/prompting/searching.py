"""Searches in a worker: ordered, held by a lease, gone on with after a kill, told as they go, stopped when asked."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.celery import app
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.bots.cues import is_chinese
from flowbuilder.flows.calls import with_called
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.services import parse_graph
from flowbuilder.leases import end, hand_on, held, take, unheld
from flowbuilder.modelhub.registry import resolve
from flowbuilder.modelhub.services import GENERATES, NodeModels
from flowbuilder.prompting import rewriting
from flowbuilder.prompting.answering import Answering, together
from flowbuilder.prompting.cases import Case, Measure, score
from flowbuilder.prompting.models import PromptSearch, SearchStatus
from flowbuilder.prompting.optimiser.examples import Shown
from flowbuilder.prompting.optimiser.search import Outcome, Search, Settings
from flowbuilder.prompting.placeholders import mend
from flowbuilder.prompting.target import Target, target_of
from flowbuilder.runs.context import context_for
from nodes.base import Context, NodeError, Retryable, Sampling
from nodes.reward.scoring import Reward, score_all
from nodes.text.prompt import NAME

log = logging.getLogger(__name__)
SEARCH = "flowbuilder.prompting.tasks.search"
LEASE = timedelta(seconds=30)
BEAT = 0.7
SLICE = 60.0
"""Seconds after which a worker lets others work: flows run in the same queue."""
WAKE_AGAIN = timedelta(seconds=10)
MAX_LIVES = 5
SHOWN_TRIALS = 12


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


def search(search_id: str) -> None:
    """What the Celery task does. A search that another worker holds is left alone."""
    found = take(PromptSearch.objects.all(), uuid.UUID(search_id), LEASE)
    if found is None:
        return
    if found.lives > MAX_LIVES:
        why = found.error or "Its worker stopped."
        end(found, SearchStatus.FAILED, error=f"Given up after {MAX_LIVES} tries. {why}")
        return
    try:
        async_to_sync(Work(found).go_on)()
    except Retryable as error:
        log.warning("prompt search %s goes on later: %s", found.pk, error)
        held(found).update(lease_until=timezone.now(), error=str(error))
    except (NodeError, ApiError) as error:
        end(found, SearchStatus.FAILED, error=str(error))


class HandOn(Exception):
    """This worker's stretch is over: the next one goes on from the scores."""


@dataclass
class Work:
    """One worker's stretch of a search."""

    row: PromptSearch
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        row = self.row
        self.plan = Plan.model_validate(row.plan)
        self.cases = [Case.model_validate(case) for case in row.cases]
        self.target = Target(Graph.model_validate(row.graph), row.node, row.setting)
        self.models = NodeModels(row.workspace_id, lambda kind, data: None)
        self.scores: dict[str, dict[str, float]] = row.scores
        self.proposals: list[list[str]] = row.proposals
        self.round = 0
        self.errors: dict[str, str] = dict(row.found.get("errors", {}))
        self.latest = row.found
        self.dirty = False
        self.answering = Answering(self.target, self.cases, catalogue(), self._context, self._still)

    def _context(self, node: str, report: Any) -> Context:
        return context_for(self.row.workspace_id, self.row.pk, node, report)

    async def go_on(self) -> None:
        """Beside the search it says how far that is, keeps the lease, and sees a wish to stop."""
        work = asyncio.create_task(self._search())
        while not work.done():
            await asyncio.wait({work}, timeout=BEAT)
            if not work.done() and not await sync_to_async(self._still_wanted)():
                work.cancel()
        try:
            outcome = await work
        except asyncio.CancelledError:
            return
        except HandOn:
            await sync_to_async(self._hand_on)()
            return
        found = told(outcome, self.errors)
        await sync_to_async(end)(
            self.row,
            SearchStatus.FINISHED,
            error="",
            found=found,
            scores=self.scores,
            proposals=self.proposals,
        )

    async def _search(self) -> Outcome:
        await self.answering.prepare()
        self._fails_before_the_prompt()
        values = [self.answering.before[number].values for number in range(len(self.cases))]
        shown = [
            Shown(number, values[number], case.expected)
            for number, case in enumerate(self.cases)
            if case.expected.strip()
        ]
        chosen = Settings(rounds=self.plan.rounds, answers=self.plan.answers, seed=self.plan.seed)
        return await Search(
            self.row.start,
            self.target.slots,
            len(self.cases),
            self._score,
            shown,
            propose=None if self.plan.model == rewriting.BY_RULES else self._propose,
            chinese=is_chinese(NAME.sub("", self.row.start)) or is_chinese(self.cases[0].question),
            settings=chosen,
            told=self._tell,
        ).run()

    def _fails_before_the_prompt(self) -> None:
        errors = [self.answering.before[number].error for number in range(len(self.cases))]
        if all(errors):
            raise NodeError(f"The flow fails before this prompt is used: {errors[0]}")

    def _still(self) -> None:
        if time.monotonic() - self.began > SLICE:
            raise HandOn

    async def _score(self, prompt: str, numbers: Sequence[int]) -> list[float]:
        """Each score is kept as it comes: the next worker asks for the others alone."""
        known = self.scores.setdefault(digest(prompt), {})
        asked = [number for number in numbers if str(number) not in known]
        await together([self._scored(prompt, number, known) for number in asked])
        return [known[str(number)] for number in numbers]

    async def _scored(self, prompt: str, number: int, known: dict[str, float]) -> None:
        answered = await self.answering.answer(prompt, number)
        if answered.error:
            self.errors.setdefault("start" if prompt == self.row.start else "candidates", answered.error)
            known[str(number)] = 0.0
        else:
            known[str(number)] = await self._judged(answered.reply, self.cases[number])
        self.dirty = True

    async def _judged(self, reply: str, case: Case) -> float:
        """The mean of what the case expects and what the rewards say."""
        parts = [score(reply, case, self.plan.measure)] if case.expects else []
        if self.plan.rewards:
            judged = await score_all(
                self.plan.rewards, self.models, [reply], prompt=case.question, reference=case.expected
            )
            parts.append(judged[0].value)
        return sum(parts) / len(parts)

    async def _propose(self, scored: Sequence[tuple[str, float]], count: int) -> list[str]:
        """Asked once a round: the next worker reads what this one was told."""
        self.round += 1
        if self.round > len(self.proposals):
            told = rewriting.request(self.row.start) if self.round == 1 else rewriting.proposal(scored)
            written = await asyncio.gather(*(self._written(told, number) for number in range(count)))
            mended = [mend(rewriting.tidy(text), self.row.start).text for text in written]
            self.proposals.append([text for text in mended if rewriting.is_usable(text, self.row.start)])
            self.dirty = True
        return self.proposals[self.round - 1]

    async def _written(self, prompt: str, number: int) -> str:
        """Whoever cannot write a proposal loses nothing but that."""
        sampling = Sampling(
            max_new_tokens=512, temperature=0.9, seed=self.plan.seed + 100 * self.round + number
        )
        model = self.plan.model or self.target.model or "starter"
        try:
            return "".join([piece async for piece in self.models.generate(model, prompt, sampling=sampling)])
        except Retryable:
            raise
        except NodeError as error:
            log.info("prompt search %s: no proposal: %s", self.row.pk, error)
            return ""

    def _tell(self, outcome: Outcome) -> None:
        self.latest = told(outcome, self.errors)
        self.dirty = True

    def _still_wanted(self) -> bool:
        if held(self.row).filter(cancel_requested=True).exists():
            end(self.row, SearchStatus.CANCELLED, **self._state())
            return False
        state = self._state() if self.dirty else {}
        self.dirty = False
        return bool(held(self.row).update(lease_until=timezone.now() + LEASE, **state))

    def _state(self) -> dict[str, Any]:
        return {"scores": self.scores, "proposals": self.proposals, "found": self.latest}

    def _hand_on(self) -> None:
        """Not a life lost: the next worker goes on at once."""
        hand_on(self.row, **self._state())
        wake_worker(self.row.pk)


def digest(prompt: str) -> str:
    return hashlib.sha256(prompt.encode()).hexdigest()[:24]


def told(outcome: Outcome, errors: dict[str, str]) -> dict[str, Any]:
    """What a search found, as plain data."""
    return {
        "best": outcome.best.text,
        "how": outcome.best.how,
        "detail": outcome.best.detail,
        "before": outcome.before,
        "after": outcome.after,
        "better": outcome.better,
        "worse": outcome.worse,
        "chosen_before": outcome.chosen_before,
        "chosen_after": outcome.chosen_after,
        "chosen_on": len(outcome.chosen_on),
        "held_out": len(outcome.held_out),
        "asked": outcome.asked,
        "tried": len(outcome.trials),
        "errors": errors,
        "trials": [
            {
                "text": trial.candidate.text,
                "how": trial.candidate.how,
                "detail": trial.candidate.detail,
                "score": trial.score,
                "cases": trial.cases,
            }
            for trial in outcome.trials[:SHOWN_TRIALS]
        ],
    }
