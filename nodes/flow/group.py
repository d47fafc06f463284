from typing import Any

from nodes.base import Node, NodeError


class Group(Node):
    """Holds other nodes as one: its ports are the Group inputs and Group outputs that stand in it."""

    icon = "group"
    tags = ("sub-flow", "subgraph", "body", "nested")
    holds_body = True

    def inputs(self) -> dict[str, Any]:
        return {}

    def outputs(self) -> dict[str, Any]:
        return {}

    async def run(self, **values: object) -> dict[str, object]:
        raise NodeError("A group is run by the engine: what stands in it runs.")
