"""How far an improvement has come: its stages, from the run and its training jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flowbuilder.improvement.models import Improvement
from flowbuilder.runs.models import ENDED
from flowbuilder.runs.trace import trace_of
from flowbuilder.training.models import Job


@dataclass(frozen=True)
class Stage:
    node: str
    label: str
    status: str
    """As the trace says it; ``pending`` before it is reached."""
    job: Job | None = None
    error: str = ""


def stages(improvement: Improvement) -> list[Stage]:
    """In the order of the flow; empty when it was not started, or its run is gone."""
    run = improvement.run
    if run is None:
        return []
    reached: dict[str, dict[str, Any]] = {row["id"]: row for row in trace_of(run)["nodes"]}
    jobs = {job.node_id: job for job in run.jobs.select_related("base__model", "result__model")}
    found = []
    for spec in run.graph["nodes"]:
        row = reached.get(spec["id"], {})
        status = row.get("status") or ("left" if run.status in ENDED else "pending")
        label = spec.get("label") or spec["id"]
        found.append(Stage(spec["id"], label, status, jobs.get(spec["id"]), row.get("error", "")))
    return found
