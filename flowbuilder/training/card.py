"""What a training adds to the card of the version that it made: how it was trained, and on what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.datasets.models import Split
from flowbuilder.modelhub.card import Section, number
from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.training.lineage import dataset_version
from flowbuilder.training.models import Job

ROWS = ("examples", "pairs", "prompts", "lines", "texts", "rows")
"""Names under which an order's data holds its rows."""


def sections(asker: Asker, version: ModelVersion) -> list[Section]:
    jobs = Job.objects.visible_to(asker).select_related("base__model")
    job = jobs.filter(result=version).order_by("created_at").first()
    return [] if job is None else [_training(job), _data(asker, job), *_progress(job)]


def _training(job: Job) -> Section:
    rows = [
        ("Setting", "Value"),
        ("Recipe", job.get_recipe_display()),
        ("Started from", job.base.ref if job.base else job.data.get("started_from") or "random weights"),
    ]
    if job.started_at and job.ended_at:
        rows.append(("Took", f"{(job.ended_at - job.started_at).total_seconds() / 60:.1f} minutes"))
    rows += [(name, number(value)) for name, value in sorted(job.settings.items()) if value is not None]
    rows += [("Alarm", f"step {alarm.step}: {alarm.message}") for alarm in job.alarms.all()]
    merged = (
        "are merged into these weights"
        if job.settings.get("merge", True)
        else "lie beside them, in `adapter`"
    )
    adapters = f"Its adapters (LoRA) {merged}." if job.settings.get("lora_rank") else ""
    return Section("Training", rows, adapters)


def _data(asker: Asker, job: Job) -> Section:
    source = job.data.get("source") or ""
    rows = [("Data", "Value"), ("Dataset version", source or "none: given with the order")]
    if version := dataset_version(asker, source):
        rows += [(f"Its rows: {split}", f"{version.counts.get(split, 0):,}") for split in Split.values]
        share = version.counts.get("synthetic", 0) / version.total if version.total else 0
        rows.append(("Of them synthetic", f"{share:.0%}"))
    rows += [(f"Used: {name}", f"{len(job.data[name]):,}") for name in ROWS if _is_list(job.data, name)]
    if job.data.get("rewards"):
        kinds = ", ".join(str(reward.get("kind", "?")) for reward in job.data["rewards"])
        rows.append(("Rewards", kinds))
    if job.data.get("reward_model"):
        rows.append(("Reward model", job.data["reward_model"]))
    return Section("Training data", rows)


def _progress(job: Job) -> Iterator[Section]:
    """Each figure at the first step that told it and at the last."""
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for values in job.metrics.order_by("step").values_list("values", flat=True).iterator():
        first = {**values, **first}
        last.update(values)
    rows = [(name, number(first[name]), number(last[name])) for name in sorted(last)]
    if rows:
        yield Section("During the training", [("Figure", "First", "Last"), *rows])


def _is_list(data: dict[str, Any], name: str) -> bool:
    return isinstance(data.get(name), list)
