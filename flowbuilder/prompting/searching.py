"""Searches in a worker: held by a lease, gone on with after a kill, told as they go, stopped when asked."""

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

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.bots.cues import is_chinese
from flowbuilder.flows.nodes import catalogue
from flowbuilder.leases import end, hand_on, held, take
from flowbuilder.modelhub.services import NodeModels
from flowbuilder.prompting import rewriting
from flowbuilder.prompting.answering import Answering, together
from flowbuilder.prompting.cases import Case, score
from flowbuilder.prompting.models import PromptSearch, SearchStatus
from flowbuilder.prompting.optimiser.examples import Shown
from flowbuilder.prompting.optimiser.search import Outcome, Search, Settings
from flowbuilder.prompting.ordering import Plan, wake_worker
from flowbuilder.prompting.placeholders import mend
from flowbuilder.prompting.target import Target
from flowbuilder.runs.context import context_for
from nodes.base import Context, NodeError, Retryable, Sampling
from nodes.reward.scoring import score_all
from nodes.text.prompt import NAME

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
BEAT = 0.7
SLICE = 60.0
"""Seconds after which a worker lets others work: flows run in the same queue."""
MAX_LIVES = 5
SHOWN_TRIALS = 12


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
