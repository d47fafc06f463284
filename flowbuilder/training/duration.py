"""How long a training will take: told as a range before it starts, and from its newest steps while it goes on.

A step's arithmetic is C = 6ND for N parameters and D tokens, two of the six for the forward and four for the backward
pass (Kaplan et al. 2020, "Scaling Laws for Neural Language Models", section 2.1). What else a recipe reads or writes
costs 2ND each. How many of these operations a second this installation does is measured on its earlier jobs of the
same recipe and a similar size; before there is one, it is a share of what its processor reaches on a plain product
of matrices.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flowbuilder.training import devices
from flowbuilder.training.calibration import matrix_flops
from flowbuilder.training.memory import LETTERS_PER_TOKEN, RL, letters
from flowbuilder.training.models import Job, JobStatus

if TYPE_CHECKING:
    from flowbuilder.training.ordering import Prepared

PASSES = {
    "sft": 6,
    "pretrain": 6,
    "reward_model": 6,
    "classifier": 6,
    "orpo": 6,
    "dpo": 8,
    "kto": 10,
    "grpo": 10,
    "rloo": 10,
    "ppo": 36,
}
"""Operations for a parameter and a token: 6 to learn, 2 for a frozen reference, 2 for answers that are written (or, for
KTO, mismatched on purpose); PPO learns each answer four times, and so does its critic."""
SHARE = {
    "sft": 0.12,
    "pretrain": 0.12,
    "reward_model": 0.17,
    "classifier": 0.17,
    "orpo": 0.25,
    "dpo": 0.22,
    "kto": 0.16,
    "grpo": 0.8,
    "rloo": 0.8,
    "ppo": 0.36,
}
"""Of the speed of a product of matrices, that a recipe reaches by default: measured with the starter model (2M
parameters) and default settings on one core of a busy machine. Practice comes out high since its answers end before
their longest length, which is what is counted."""
GPU_FLOPS = 1e13
"""For a GPU that was not measured: single precision of a small recent one."""
START = 12.0
"""Seconds to load libraries and models, and to measure before and after; measured as above."""
SIMILAR = 4.0
"""Times more or fewer parameters at which an earlier job still says something."""
JOBS = 8
"""Earlier jobs that are looked at."""
RECENT = 20
"""Steps from which the rest is told."""
MEASURED_SPREAD, UNMEASURED_SPREAD = 1.25, 2.5
"""How far around it the range goes, as a factor."""


@dataclass(frozen=True)
class Pace:
    """What an earlier job took."""

    seconds_per_operation: float
    overhead: float
    """Seconds before its first step and after its last."""


def estimate(prepared: Prepared, parameters: int) -> dict[str, Any]:
    """``seconds`` as [low, high], what they were told from, and a step's arithmetic for later jobs to learn from."""
    recipe, steps = prepared.recipe, prepared.settings.get("steps")
    work = operations(recipe, prepared.settings, prepared.data, parameters)
    if not steps or not work:
        return {}
    found = paces(recipe, parameters, prepared.processes)
    if found:
        each = [pace.overhead + steps * work * pace.seconds_per_operation for pace in found]
        low, high, spread = min(each), max(each), MEASURED_SPREAD
    else:
        low = high = START + steps * work / (speed() * SHARE[recipe])
        spread = UNMEASURED_SPREAD
    return {
        "seconds": [round(low / spread), round(high * spread)],
        "measured_on": len(found),
        "operations_per_step": work,
    }


def operations(recipe: str, settings: dict[str, Any], data: dict[str, Any], parameters: int) -> float:
    """Of one step; 0 for a recipe whose steps are not known here."""
    return PASSES.get(recipe, 0) * parameters * tokens(recipe, settings, data)


def tokens(recipe: str, settings: dict[str, Any], data: dict[str, Any]) -> float:
    """That one step reads and learns from."""
    if recipe == "pretrain":
        return float(settings["batch_tokens"])
    if recipe in RL:
        asked = statistics.fmean(len(line["prompt"]) for line in data["prompts"]) / LETTERS_PER_TOKEN
        answers = settings.get("prompts_per_step", 8) * settings.get("answers_per_prompt", 8)
        return answers * (asked + settings.get("max_new_tokens", 128))
    rows = next((data[name] for name in ("examples", "pairs", "labelled") if data.get(name)), [])
    if not rows:
        return 0.0
    length = statistics.fmean(letters(row) for row in rows) / LETTERS_PER_TOKEN
    return settings.get("batch_size", 8) * length * (1 if recipe in {"sft", "classifier"} else 2)


def speed() -> float:
    """Operations a second of the fastest device that a worker has announced, or of this machine."""
    known = [device.flops or (GPU_FLOPS if device.kind == "gpu" else 0) for device in devices.known()]
    return max(known, default=0) or matrix_flops()


def paces(recipe: str, parameters: int, processes: int) -> list[Pace]:
    """Of the newest jobs of the recipe that ended well, were about as large and said what a step was."""
    jobs = Job.objects.filter(
        recipe=recipe,
        status=JobStatus.FINISHED,
        processes=processes,
        estimate__parameters__gte=parameters / SIMILAR,
        estimate__parameters__lte=parameters * SIMILAR,
        estimate__operations_per_step__gt=0,
    )
    return [found for job in jobs.order_by("-ended_at")[:JOBS] if (found := pace(job))]


def pace(job: Job) -> Pace | None:
    """None for a job of a single step, or one that was stopped on its way."""
    times = list(job.metrics.order_by("step").values_list("step", "at"))
    if len(times) < 2 or job.lives > 1 or not (job.started_at and job.ended_at):
        return None
    each = step_seconds(times)
    if each <= 0:
        return None  # from before the times of steps were kept
    whole = (job.ended_at - job.started_at).total_seconds()
    return Pace(each / job.estimate["operations_per_step"], max(0.0, whole - each * times[-1][0]))


def step_seconds(times: Sequence[tuple[int, datetime]]) -> float:
    """The median of a step, of those that were told with their times: a pause or a checkpoint does not count."""
    gaps = [
        (at - before).total_seconds() / (step - earlier)
        for (earlier, before), (step, at) in itertools.pairwise(times)
    ]
    return statistics.median(gaps)


def seconds_left(job: Job) -> float | None:
    """Until its last step, at the pace of its newest ones; None while too few are known."""
    newest = list(job.metrics.order_by("-step").values_list("step", "at")[: RECENT + 1])[::-1]
    if len(newest) < 3 or not job.steps:
        return None
    return max(0, job.steps - job.step) * step_seconds(newest)


def spoken(seconds: float) -> str:
    """As one says it: ``40 s``, ``12 min``, ``2 h 05 min``, ``3 d 4 h``."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 90:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"
