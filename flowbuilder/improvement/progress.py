"""How far an improvement has come: its stages, from the run and its training jobs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flowbuilder.improvement.models import Improvement
from flowbuilder.runs.models import ENDED
from flowbuilder.runs.trace import trace_of
from flowbuilder.training.models import Job

GATE = "training.gate"


@dataclass(frozen=True)
class Stage:
    node: str
    label: str
    status: str
    """As the trace says it; ``pending`` before it is reached."""
    job: Job | None = None
    error: str = ""
    passed: bool | None = None
    """What the gate said; None for every other stage, and before it has spoken."""
    refusals: str = ""


def stages(improvement: Improvement) -> list[Stage]:
    """In the order of the flow; empty when it was not started, or its run is gone."""
    run = improvement.run
    if run is None:
        return []
    reached: dict[str, dict[str, Any]] = {row["id"]: row for row in trace_of(run)["nodes"]}
    jobs = {job.node_id: job for job in run.jobs.select_related("base__model", "result__model", "evaluation")}
    found = []
    for spec in run.graph["nodes"]:
        row = reached.get(spec["id"], {})
        status = row.get("status") or ("left" if run.status in ENDED else "pending")
        label = spec.get("label") or spec["id"]
        stage = Stage(spec["id"], label, status, jobs.get(spec["id"]), row.get("error", ""))
        said = row.get("outputs", {})
        if spec["type"] == GATE and said:
            stage = replace(stage, passed=bool(said.get("passed")), refusals=said.get("refused") or "")
        found.append(stage)
    return found
