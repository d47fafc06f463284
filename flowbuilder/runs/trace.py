"""A run node by node, rebuilt from its stored events."""

from typing import Any

from flowbuilder.runs.models import Run

STATES = {
    "node.started": "running",
    "node.retrying": "retrying",
    "node.finished": "finished",
    "node.skipped": "skipped",
    "node.waiting": "waiting",
    "node.failed": "failed",
}


def trace_of(run: Run) -> dict[str, Any]:
    """``nodes`` in the order in which they were reached, and ``last_seq`` to follow on from."""
    nodes: dict[str, dict[str, Any]] = {}
    last = 0
    for event in run.events.all():
        last = event.seq
        if event.type in STATES:
            row = nodes.setdefault(event.node, {"id": event.node, "status": "", "attempt": 0})
            row |= {"status": STATES[event.type], **event.data}
    return {"nodes": list(nodes.values()), "last_seq": last}
