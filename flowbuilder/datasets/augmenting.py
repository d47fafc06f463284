"""Synthetic rows: ordered, made by a ``flow`` worker seed by seed, screened, put into the draft, marked.

The order is the queue of record, as a training job is: a lease, a fence, bounded lives. Rows of a seed and the
mark that it is through are written together, so a worker that is killed makes none twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.celery import app
from flowbuilder.datasets.editing import Incoming, add, locked
from flowbuilder.datasets.models import Augmentation, AugmentationStatus, Dataset, Origin, Split
from flowbuilder.datasets.similar import NEAR, nearest, signature
from flowbuilder.datasets.splits import group_of, splits_of
from flowbuilder.leases import end, hand_on, held, take, unheld
from flowbuilder.modelhub.models import Kind as ModelKind
from flowbuilder.modelhub.registry import resolve
from flowbuilder.modelhub.services import NodeModels
from flowbuilder.tables.shapes import shaped
from nodes.base import NodeError, Retryable
from nodes.data.synthesis import WRITABLE, Draft, Plan, Screen, drafts, prompt_of

log = logging.getLogger(__name__)
AUGMENT = "flowbuilder.datasets.tasks.augment"
MOST_SEEDS = 1000
LEASE = timedelta(seconds=90)
BEAT = 1.0
SLICE = 60.0
"""Seconds after which a worker lets others work: flows run in the same queue."""
WAKE_AGAIN = timedelta(seconds=30)
MAX_LIVES = 5
HELD_OUT_LOOKED_AT = 5000


def order(
    *, asker: Asker, dataset: Dataset, plan: Plan, seeds: Sequence[Any] = (), count: int = 100, q: str = ""
) -> Augmentation:
    """Accept an order. Without ``seeds`` up to ``count`` rows of the draft's train split are drawn, or those that say ``q``."""
    if plan.method == "generate" and dataset.kind not in WRITABLE:
        raise ApiError(
            "invalid",
            f"A model cannot write {dataset.kind} rows: what people chose is theirs to say. Use small changes "
            "(method 'perturb'), or a dataset of prompts.",
            422,
        )
    model = None
    if plan.method == "generate":
        model = resolve(dataset.workspace_id, plan.model, kinds=(ModelKind.CAUSAL, ModelKind.SEQ2SEQ))
        plan = plan.model_copy(update={"model": model.ref})
    found, away = given(dataset, seeds, plan) if seeds else drawn(dataset, count, q)
    if not found:
        raise ApiError(
            "invalid", "There is no seed: no row of the train split fits, or all are held out.", 422
        )
    augmentation = Augmentation.objects.create(
        workspace_id=dataset.workspace_id,
        dataset=dataset,
        asked_by=asker.user,
        settings=plan.model_dump(mode="json"),
        model=model,
        seeds=found,
        dropped={"seed_held_out": away} if away else {},
        lease_until=timezone.now(),
    )
    wake_worker(augmentation.pk)
    return augmentation


def drawn(dataset: Dataset, count: int, q: str) -> tuple[list[dict[str, Any]], int]:
    """People's rows of the train split; a held-out prompt in other words would still be known to the model."""
    rows = dataset.draft.filter(split=Split.TRAIN).exclude(origin=Origin.SYNTHETIC)
    if q.strip():
        rows = rows.filter(text__icontains=q.strip())
    # By digest: an even draw, and the same one each time.
    chosen = rows.order_by("digest")[: min(count, MOST_SEEDS)]
    return [{"row": row.pk, "content": row.content} for row in chosen], 0


def given(dataset: Dataset, seeds: Sequence[Any], plan: Plan) -> tuple[list[dict[str, Any]], int]:
    """Seeds that somebody sends, without those whose prompt is held out here, and how many those are."""
    if len(seeds) > MOST_SEEDS:
        raise ApiError("invalid", f"At most {MOST_SEEDS} seeds at once; these are {len(seeds)}.", 422)
    found = []
    for number, seed in enumerate(seeds, start=1):
        try:
            found.append(_seed(dataset.kind, seed, plan))
        except ValueError as error:
            raise ApiError("invalid", f"Seed {number}: {error}", 422) from error
    groups = [group_of(dataset, prompt_of(content)) for content in found]
    splits = splits_of(dataset, groups)
    kept = [
        {"row": None, "content": content}
        for content, group in zip(found, groups, strict=True)
        if splits[group] == Split.TRAIN
    ]
    return kept, len(found) - len(kept)


def _seed(kind: str, seed: Any, plan: Plan) -> dict[str, Any]:
    """A row of the dataset's kind; a text alone is enough where a model writes the rest."""
    if isinstance(seed, str):
        if not seed.strip():
            raise ValueError("it is empty")
        if kind == "prompts":
            seed = {"prompt": seed}
        elif plan.method == "generate":
            return {"prompt": seed}
        else:
            raise ValueError(f"a text is no {kind} row: give an object with its columns")
    return shaped(kind, seed).model_dump(mode="json")


def wake_worker(augmentation_id: uuid.UUID) -> None:
    try:
        app.send_task(AUGMENT, [str(augmentation_id)], queue="flow", retry=False, expires=60)
    except Exception as error:
        log.warning("augmentation %s is accepted, but no worker could be woken: %s", augmentation_id, error)


def sweep() -> None:
    """Wake a worker for what none holds."""
    for augmentation in unheld(Augmentation.objects.all())[:50]:
        queued = Augmentation.objects.filter(pk=augmentation.pk, status=AugmentationStatus.QUEUED)
        queued.update(lease_until=timezone.now() + WAKE_AGAIN)
        wake_worker(augmentation.pk)


def augment(augmentation_id: str) -> None:
    """What the Celery task does. An order that another worker holds is left alone."""
    augmentation = take_lease(uuid.UUID(augmentation_id))
    if augmentation is None:
        return
    if augmentation.lives > MAX_LIVES:
        why = augmentation.error or "Its worker stopped."
        end(augmentation, AugmentationStatus.FAILED, error=f"Given up after {MAX_LIVES} tries. {why}")
        return
    try:
        async_to_sync(Work(augmentation).go_on)()
    except Retryable as error:
        log.warning("augmentation %s goes on later: %s", augmentation.pk, error)
        held(augmentation).update(lease_until=timezone.now(), error=str(error))
    except (NodeError, ApiError) as error:
        end(augmentation, AugmentationStatus.FAILED, error=str(error))


def take_lease(augmentation_id: uuid.UUID) -> Augmentation | None:
    return take(Augmentation.objects.select_related("dataset"), augmentation_id, LEASE)


@dataclass
class Work:
    """One worker's stretch of an order."""

    augmentation: Augmentation
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.dataset = self.augmentation.dataset
        self.plan = Plan.model_validate(self.augmentation.settings)
        self.models = NodeModels(self.augmentation.workspace_id, lambda kind, data: None)
        self.away: np.ndarray | list[np.ndarray] = []

    async def go_on(self) -> None:
        """From where the last worker was, looking up now and then: whether it is still wanted, and still this worker's."""
        work = asyncio.create_task(self._seeds())
        while not work.done():
            await asyncio.wait({work}, timeout=BEAT)
            if not work.done() and not await sync_to_async(self._still_wanted)():
                work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work

    async def _seeds(self) -> None:
        """Seed by seed until all are through or the stretch is over."""
        self.away = await sync_to_async(self._held_out)()
        for number in range(self.augmentation.done, len(self.augmentation.seeds)):
            if time.monotonic() - self.began > SLICE:
                await sync_to_async(self._hand_on)()
                return
            seed = self.augmentation.seeds[number]
            screen = Screen(self.plan)
            asked = drafts(self.plan, self.dataset.kind, seed["content"], number, self.models)
            made = [draft async for draft in asked if screen.passes(draft.content)]
            if not await sync_to_async(self._keep)(number, seed, made, screen):
                return
        await sync_to_async(end)(self.augmentation, AugmentationStatus.FINISHED, error="")

    def _still_wanted(self) -> bool:
        if held(self.augmentation).filter(cancel_requested=True).exists():
            end(self.augmentation, AugmentationStatus.CANCELLED, error="")
            return False
        return bool(held(self.augmentation).update(lease_until=timezone.now() + LEASE))

    def _keep(self, number: int, seed: dict[str, Any], made: list[Draft], screen: Screen) -> bool:
        """Into the draft with the mark that this seed is through, or neither. A draft that is known is no new one."""
        rows: dict[str, Incoming] = {}
        for draft in made:
            if self._nears_held_out(draft.content, seed["content"]):
                screen.drop("held_out")
                continue
            if (row := self._incoming(draft, seed, screen)) is None:
                continue
            if (said := str(row.shape)) in rows:
                screen.drop("duplicate")
            rows[said] = row
        with locked(self.dataset) as dataset:
            if not held(self.augmentation).exists():
                return False
            added = add(dataset=dataset, rows=list(rows.values()), by=self.augmentation.asked_by)
            dropped = Counter(self.augmentation.dropped) + Counter(screen.dropped)
            dropped += Counter(duplicate=added.known, held_out=added.held_out)
            self.augmentation.dropped = dict(dropped)
            self.augmentation.done, self.augmentation.kept = number + 1, self.augmentation.kept + added.kept
            told = {name: getattr(self.augmentation, name) for name in ("done", "kept", "dropped")}
            return bool(held(self.augmentation).update(**told))

    def _incoming(self, draft: Draft, seed: dict[str, Any], screen: Screen) -> Incoming | None:
        try:
            shape = shaped(self.dataset.kind, draft.content)
        except ValueError:  # beyond all limits, or nothing where something must be
            screen.drop("invalid")
            return None
        source = {"augmentation": str(self.augmentation.pk), "generator": draft.generator}
        if seed["row"]:
            source["seed"] = seed["row"]
        else:
            source["seed_text"] = prompt_of(seed["content"])[:500]
        return Incoming(shape, Origin.SYNTHETIC, source)

    def _held_out(self) -> list[np.ndarray]:
        """Signatures of what the draft measures on."""
        rows = self.dataset.draft.exclude(split=Split.TRAIN).order_by("digest")[:HELD_OUT_LOOKED_AT]
        return [signature(prompt_of(row.content)) for row in rows]

    def _nears_held_out(self, content: dict[str, Any], seed: dict[str, Any]) -> bool:
        """Whether it is nearly a held-out prompt, and nearer to it than its seed was: people's rows are as they are."""
        alike = nearest(prompt_of(content), self.away)
        return alike >= NEAR and alike > nearest(prompt_of(seed), self.away)

    def _hand_on(self) -> None:
        """Not a life lost: the next worker goes on at once."""
        hand_on(self.augmentation)
        wake_worker(self.augmentation.pk)
