"""What became of a run, for the pane: read from its events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.graph import nodes_within
from flowbuilder.engine.leading import place_of
from flowbuilder.runs.citations import citations_of
from flowbuilder.runs.models import Run
from flowbuilder.runs.trace import trace_of


@dataclass(frozen=True)
class Step:
    name: str
    kind: str
    status: str
    ms: float | None
    tokens: dict[str, int]
    reason: str


@dataclass(frozen=True)
class Outcome:
    steps: list[Step]
    citations: list[dict[str, Any]]
    directly: bool
    """Whether the answer is one that people kept."""
    tokens: dict[str, int] = field(default_factory=dict)


def outcome_of(run: Run) -> Outcome:
    nodes = dict(nodes_within(run.graph))
    steps = [
        Step(
            name=nodes.get(place_of(row["id"]), {}).get("label") or row["id"],
            kind=nodes.get(place_of(row["id"]), {}).get("type", ""),
            status=row["status"],
            ms=round(row["seconds"] * 1000, 1) if "seconds" in row else None,
            tokens=dict(row.get("usage") or {}),
            reason=str(row.get("reason") or row.get("error") or ""),
        )
        for row in trace_of(run)["nodes"]
    ]
    total: dict[str, int] = {}
    for step in steps:
        for name, count in step.tokens.items():
            total[name] = total.get(name, 0) + count
    directly = any(
        event.data.get("outputs", {}).get("answer")
        for event in run.events.filter(type="node.finished")
        if nodes.get(place_of(event.node), {}).get("type") == "knowledge.retrieve"
    )
    return Outcome(steps, citations_of(run), directly, total)
