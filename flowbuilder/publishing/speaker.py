"""Which node's words are the reply while it is still being written."""

from __future__ import annotations

from flowbuilder.engine.graph import Graph
from flowbuilder.flows.nodes import catalogue

REPLY = "flow.reply"


def speaker_of(graph: Graph) -> str:
    """Id of the one streaming node wired straight into the one Reply; empty when there is none."""
    kinds = {row["type"]: row for row in catalogue().describe()}
    replies = {node.id for node in graph.nodes if node.type == REPLY}
    sources = {wire.source for wire in graph.wires if wire.target in replies}
    streaming = [s for s in sources if kinds.get(graph.node(s).type, {}).get("streams")]
    return streaming[0] if len(replies) == 1 and len(streaming) == 1 else ""
