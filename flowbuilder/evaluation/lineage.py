"""Which prompts a version has learned from: an evaluation on these would flatter it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.modelhub.models import ModelVersion, Source
from flowbuilder.training.models import Job
from nodes.data.served import question_of

GENERATIONS = 50
"""How far back its ancestors are asked."""


def trained_on(version: ModelVersion) -> set[str]:
    """Of the version and those that it comes from, as far as they were trained here."""
    found: set[str] = set()
    current: ModelVersion | None = version
    for _ in range(GENERATIONS):
        if current is None:
            break
        if current.source == Source.JOB:
            found |= _prompts_of(current)
        current = current.parent
    return found


def _prompts_of(version: ModelVersion) -> set[str]:
    data = Job.objects.filter(pk=_id(version), workspace=version.workspace_id).values_list("data", flat=True)
    return {prompt for told in data for prompt in _questions(told)}


def _id(version: ModelVersion) -> Any:
    return version.location if len(version.location) == 36 else None


def _questions(data: dict[str, Any]) -> Iterator[str]:
    for name in ("examples", "pairs", "prompts"):
        for row in data.get(name) or []:
            if prompt := question_of(row):
                yield prompt
