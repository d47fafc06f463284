"""A job's answers on the way, by prompt: one sees each answer change as the model learns."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from flowbuilder.training.models import Job, JobSample

SHOWN = 40
"""Answers to a prompt that a page shows; of more, about evenly spread ones, and the newest."""


@dataclass(frozen=True)
class Prompt:
    number: int
    text: str
    answers: list[Any]
    """Oldest first."""

    @property
    def last_index(self) -> int:
        return len(self.answers) - 1


def by_prompt(job: Job) -> list[Prompt]:
    steps = list(job.samples.order_by("step").values_list("step", flat=True).distinct())
    kept = steps[:: max(1, -(-len(steps) // SHOWN))]
    samples = job.samples.filter(step__in={*kept, *steps[-1:]}).order_by("number", "step")
    groups = itertools.groupby(samples, key=lambda sample: sample.number)
    return [_prompt(number, list(answers)) for number, answers in groups]


def _prompt(number: int, answers: list[JobSample]) -> Prompt:
    return Prompt(number, answers[-1].prompt, answers)
