"""What is done to training jobs: started, cancelled, resumed, ended."""

from __future__ import annotations

import json
import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from pydantic import BaseModel, Field, ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.celery import app
from flowbuilder.modelhub.models import Kind, ModelVersion
from flowbuilder.modelhub.registry import resolve
from flowbuilder.runs.models import Wait
from flowbuilder.runs.services import answer_wait
from flowbuilder.training import memory
from flowbuilder.training.models import ENDED, FROM_PAIRS, Job, JobStatus, Recipe
from nodes.base import Node, NodeError
from nodes.training.fine_tune import FineTune
from nodes.training.preference import TrainPreference
from nodes.training.reward_model import TrainRewardModel
from nodes.training.sft import TrainSft
from nodes.types import Demonstrations, Preferences, PromptLine

log = logging.getLogger(__name__)
RUN = "flowbuilder.training.tasks.run_job"
NEAR_CHANCE = 0.6
"""Held-out accuracy below which a reward model teaches noise: measured, PPO then makes the model worse."""
WAKE_AGAIN = timedelta(seconds=30)
ENOUGH_PAIRS = 10
"""Held-out pairs below which the accuracy says too little to refuse anything."""


def start_job(
    *,
    workspace_id: uuid.UUID,
    recipe: str,
    model: str,
    settings: dict[str, Any],
    data: Any,
    wait_key: str = "",
    run_id: uuid.UUID | None = None,
    node_id: str = "",
) -> Job:
    """Accept a job; the same key gives the same job. ``NodeError`` names what is wrong with the order."""
    if wait_key and (known := Job.objects.filter(wait_key=wait_key).first()):
        if known.status in {JobStatus.FAILED, JobStatus.CANCELLED}:
            resume_job(known)  # its run goes on from the failed node, so the job does too
        return known
    base = resolve(workspace_id, model, kinds=(Kind.CAUSAL,))
    ordered = check_order(recipe, model, settings, data)
    judge = resolve(workspace_id, ref, kinds=(Kind.REWARD,)) if (ref := data.get("reward_model")) else None
    if judge is not None:
        refuse_near_chance(judge)
    sizes = (recipe, ordered, data, base.folder, judge.folder if judge else None)
    if why := memory.refusal(*sizes):
        raise NodeError(why)
    needed = memory.estimate(*sizes)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                workspace_id=workspace_id,
                recipe=recipe,
                base=base,
                settings=settings,
                data=data,
                estimate={**needed.model_dump(), "needed": needed.needed},
                wait_key=wait_key or f"job:{uuid.uuid4()}",
                run_id=run_id,
                node_id=node_id,
                steps=settings.get("steps", 0),
            )
    except IntegrityError:
        return Job.objects.get(wait_key=wait_key)
    transaction.on_commit(lambda: wake_worker(job))
    return job


class FineTuneData(BaseModel):
    """What a fine-tune's data may hold. Its rewards are checked as the node's setting."""

    prompts: list[PromptLine] = Field(min_length=1)
    rewards: list[Any] = Field(default_factory=list)
    reward_model: str | None = None


def check_order(recipe: str, model: str, settings: dict[str, Any], data: Any) -> dict[str, Any]:
    """The nodes say what a job may be told; whoever asks over HTTP is held to the same.

    All its settings come back, with the defaults of those that were not named.
    """
    try:
        return ordering_node(recipe, model, settings, data).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NodeError(f"'{where}': {first['msg']}" if where else first["msg"]) from error


def ordering_node(recipe: str, model: str, settings: dict[str, Any], data: Any) -> Node:
    """The node that would give this order."""
    if recipe == Recipe.SFT:
        node: Node = TrainSft.model_validate({**settings, "model": model, "examples": ""})
        if not Demonstrations.model_validate(data).examples:
            raise NodeError("There is nothing to learn from: give 'examples'.")
        return node
    if recipe in FROM_PAIRS:
        if recipe == Recipe.REWARD_MODEL:
            node = TrainRewardModel.model_validate({**settings, "model": model})
        else:
            node = TrainPreference.model_validate({**settings, "model": model, "recipe": recipe})
        if not Preferences.model_validate(data).pairs:
            raise NodeError("There is nothing to learn from: give 'pairs'.")
        return node
    wanted = FineTuneData.model_validate(data)
    prompts = "\n".join(json.dumps(line.model_dump()) for line in wanted.prompts)
    fields = {"recipe": recipe, "model": model, "prompts": prompts, "rewards": wanted.rewards}
    node = FineTune.model_validate({**settings, **fields})
    if not wanted.rewards and not wanted.reward_model:
        raise NodeError("Nothing says what a good answer is: give 'rewards' or a 'reward_model'.")
    return node


def refuse_near_chance(reward_model: ModelVersion) -> None:
    """The gate: reinforcement learning on a reward model that guesses makes the model worse."""
    accuracy = reward_model.metrics.get("accuracy")
    pairs = reward_model.metrics.get("held_out_pairs", 0)
    if accuracy is not None and pairs >= ENOUGH_PAIRS and accuracy < NEAR_CHANCE:
        raise NodeError(
            f"Reward model '{reward_model.ref}' is right on {accuracy:.0%} of held-out pairs, near chance. "
            "Train it longer or on more pairs before anything is trained on its scores."
        )


def wake_worker(job: Job) -> None:
    try:
        app.send_task(RUN, [str(job.pk)], queue="train", retry=False, expires=60)
    except Exception as error:
        log.warning("job %s is accepted, but no worker could be woken: %s", job.pk, error)


def cancel_job(job: Job) -> None:
    """At once when no worker holds it; else its worker stops it within seconds."""
    Job.objects.filter(pk=job.pk).exclude(status__in=ENDED).update(cancel_requested=True)
    if Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED).update(
        status=JobStatus.CANCELLED, ended_at=timezone.now()
    ):
        tell_run(Job.objects.get(pk=job.pk))


def resume_job(job: Job) -> None:
    """Go on from the last whole checkpoint."""
    stopped = Job.objects.filter(pk=job.pk, status__in=[JobStatus.FAILED, JobStatus.CANCELLED])
    if not stopped.update(
        status=JobStatus.QUEUED,
        error="",
        cancel_requested=False,
        lives=0,
        ended_at=None,
        lease_until=timezone.now(),
    ):
        raise ApiError(
            "conflict", f"Only a failed or cancelled job can go on; this one is {job.status}.", 409
        )
    wake_worker(job)


def tell_run(job: Job) -> None:
    """Give an ended job's result to the run that waits for it."""
    version = job.result
    if version is not None:
        answer_wait(job.wait_key, {"ref": version.ref, "kind": version.kind, "metrics": version.metrics})
    else:
        answer_wait(job.wait_key, {"error": job.error or "it was cancelled"})


def sweep() -> None:
    """Wake a worker for what none holds, and tell runs that began to wait after their job had ended."""
    now = timezone.now()
    free = Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING)
    for job in Job.objects.filter(free, lease_until__lt=now)[:100]:
        # A wake-up may lie behind an hour-long job: one in half a minute is enough.
        Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED).update(lease_until=now + WAKE_AGAIN)
        wake_worker(job)
    waited_for = Wait.objects.filter(resolved_at=None, key__startswith="job:").values("key")
    ended = Job.objects.filter(status__in=ENDED, wait_key__in=waited_for)
    for job in ended.select_related("result__model")[:100]:
        tell_run(job)


@dataclass(frozen=True)
class NodeTraining:
    """``nodes.base.Training`` for one node of one run."""

    workspace_id: uuid.UUID
    run_id: uuid.UUID
    node_id: str

    async def start(self, *, recipe: str, model: str, settings: dict[str, Any], data: Any) -> str:
        job = await sync_to_async(start_job)(
            workspace_id=self.workspace_id,
            recipe=recipe,
            model=model,
            settings=settings,
            data=data,
            wait_key=f"job:{self.run_id}:{self.node_id}",
            run_id=self.run_id,
            node_id=self.node_id,
        )
        return job.wait_key
