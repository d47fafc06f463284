"""What is done to evaluations: ordered, filled when their job ends, changed by what people say."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.models import Asker
from flowbuilder.datasets.services import rows_for
from flowbuilder.evaluation.lineage import trained_on
from flowbuilder.evaluation.models import EvaluatedPrompt, Evaluation, Gate, PairVerdict, SafetyRating
from flowbuilder.modelhub.models import Model
from flowbuilder.modelhub.registry import resolve
from flowbuilder.training.findings import Row, with_people
from flowbuilder.training.models import Job, JobStatus, Recipe
from flowbuilder.training.safety.rating import Rated
from flowbuilder.training.services import start_job
from nodes.base import NodeError
from nodes.data.served import HELD_OUT, HeldOut, prompts_of

MARGIN = 0.1


def evaluate(
    *,
    asker: Asker,
    after: str,
    before: str = "",
    settings: dict[str, Any],
    data: dict[str, Any],
    dataset: str = "",
    held_out: HeldOut = "test",
) -> Evaluation:
    """Order an evaluation; a worker measures. ``NodeError`` names what is wrong with the order.

    The prompts are those of ``data``, or what ``dataset`` holds out.
    """
    if dataset:
        version, rows = rows_for(asker.workspace.pk, dataset, HELD_OUT[held_out])
        lines = [line.model_dump() for line in prompts_of(rows)]
        if not lines:
            raise NodeError(
                f"'{version.ref}' holds out no prompts for '{held_out}': measure on another split."
            )
        data = {**data, "prompts": lines, "source": version.ref}
    job = start_job(
        workspace_id=asker.workspace.pk,
        recipe=Recipe.EVALUATE,
        model=after,
        settings=settings,
        data={**data, "before": before},
    )
    return Evaluation.objects.select_related("job").get(job=job)


def begin(job: Job) -> Evaluation:
    """Every job of the recipe has its evaluation, whoever ordered it."""
    before = resolve(job.workspace_id, job.data["before"])
    asked = {line["prompt"] for line in job.data["prompts"]}
    return Evaluation.objects.create(
        workspace_id=job.workspace_id,
        job=job,
        before=before,
        after=job.base,
        seen=len(asked & trained_on(job.base)),
    )


def take_in(job: Job) -> None:
    """Keep what a finished job measured. Done again, it changes nothing."""
    if job.recipe != Recipe.EVALUATE or job.status != JobStatus.FINISHED:
        return
    margin = job.settings.get("margin", MARGIN)
    with transaction.atomic():
        evaluation = Evaluation.objects.select_for_update().get(job=job)
        if evaluation.report:
            return
        rows = (job.folder / "out" / "rows.jsonl").read_text(encoding="utf-8").splitlines()
        found = (Row.model_validate_json(row) for row in rows)
        EvaluatedPrompt.objects.bulk_create(
            [EvaluatedPrompt.of(evaluation, row, margin) for row in found], batch_size=500
        )
        evaluation.report = {**job.report, "job": str(job.pk)}
        evaluation.measured_at = timezone.now()
        evaluation.save(update_fields=["report", "measured_at"])


def sweep() -> None:
    """Take in what a worker measured that stopped just then."""
    finished = Job.objects.filter(
        recipe=Recipe.EVALUATE, status=JobStatus.FINISHED, evaluation__measured_at=None
    )
    for job in finished[:100]:
        take_in(job)


def set_gate(*, asker: Asker, gate: Gate) -> None:
    """A gate that is lowered is something to be seen later: it goes to the audit log."""
    with transaction.atomic():
        gate.save()
        record(asker=asker, action="gate.set", subject=gate.model.name, details=gate.thresholds)


def reset_gate(*, asker: Asker, model: Model) -> None:
    """Back to the defaults, which hold for versions that were trained here."""
    with transaction.atomic():
        if Gate.objects.filter(model=model).delete()[0]:
            record(asker=asker, action="gate.reset", subject=model.name, details={})


def count_people(evaluation: Evaluation) -> None:
    """Let the report say what people said: their win rate, and the safety figures under their ratings."""
    with transaction.atomic():
        locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        report = with_people(locked.found, people_verdicts(locked), safety_rows(locked))
        locked.report = report.model_dump(mode="json")
        locked.save(update_fields=["report"])
    evaluation.report = locked.report


def people_verdicts(evaluation: Evaluation) -> list[float]:
    """One a prompt: the mean of what people said of it."""
    said: dict[int, list[float]] = defaultdict(list)
    given = PairVerdict.objects.filter(prompt__evaluation=evaluation)
    for prompt, value in given.values_list("prompt_id", "value"):
        said[prompt].append(value)
    return [statistics.fmean(values) for values in said.values()]


def safety_rows(evaluation: Evaluation) -> list[Row]:
    """Where people rated an answer, their middle rating stands in place of the machine's."""
    people: dict[tuple[int, str], list[int]] = defaultdict(list)
    given = SafetyRating.objects.filter(prompt__evaluation=evaluation)
    for prompt, side, rating in given.values_list("prompt_id", "side", "rating"):
        people[prompt, side].append(rating)
    rows = []
    for prompt in evaluation.prompts.exclude(item=""):
        row = prompt.row
        for side in ("before", "after"):
            if ratings := people.get((prompt.pk, side)):
                getattr(row, side).rated = Rated(statistics.median_low(ratings), "people")
        rows.append(row)
    return rows
