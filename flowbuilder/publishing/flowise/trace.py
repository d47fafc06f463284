"""What the nodes of a run did, as Flowise's traces show it. Nodes inside groups and called flows are the group's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.flows.nodes import catalogue

LONGEST_TEXT = 4000
STATUS = {
    "node.started": "INPROGRESS",
    "node.retrying": "INPROGRESS",
    "node.finished": "FINISHED",
    "node.failed": "ERROR",
    "node.waiting": "STOPPED",
}
NEEDS_AN_AGENTFLOW = (
    "language.agent",
    "language.remote_agent",
    "flow.approval",
    "flow.condition",
    "flow.classifier",
    "flow.each",
    "flow.repeat",
)


def is_agentflow(graph: Graph) -> bool:
    """Whether Flowise would have drawn it as an agentflow: it decides, loops, asks people or calls tools."""
    return any(node.type in NEEDS_AN_AGENTFLOW and node.mode == "on" for node in graph.nodes)


@dataclass
class Executed:
    """The nodes in the order in which they began."""

    graph: Graph
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        titles = {row["type"]: row["title"] for row in catalogue().describe()}
        self.labels = {node.id: node.label or titles.get(node.type, node.type) for node in self.graph.nodes}

    def note(self, event: dict[str, Any]) -> dict[str, str] | None:
        """What ``nextAgentFlow`` tells of the event, where it is one of a node at the top."""
        node, status = event["node"], STATUS.get(event["type"])
        if status is None or node not in self.labels:
            return None
        row = self.nodes.setdefault(node, self._row(node))
        row["status"] = status
        if event["type"] == "node.started":
            row["data"]["input"] = shortened(event["data"].get("inputs", {}))
        elif event["type"] == "node.finished":
            row["data"]["output"] = shortened(event["data"].get("outputs", {}))
        elif event["type"] == "node.failed":
            row["data"]["error"] = str(event["data"].get("error", ""))[:LONGEST_TEXT]
        return {"nodeId": node, "nodeLabel": self.labels[node], "status": status}

    def rows(self) -> list[dict[str, Any]]:
        return list(self.nodes.values())

    def _row(self, node: str) -> dict[str, Any]:
        before = list(dict.fromkeys(wire.source for wire in self.graph.wires if wire.target == node))
        data = {"id": node, "name": self.graph.node(node).type, "input": {}, "output": {}, "state": {}}
        return {"nodeId": node, "nodeLabel": self.labels[node], "data": data, "previousNodeIds": before}


def shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}…"
    if isinstance(value, dict):
        return {name: shortened(each) for name, each in value.items()}
    return [shortened(each) for each in value[:100]] if isinstance(value, list) else value
