from typing import Any, Literal

from pydantic import Field

from nodes.base import Node, NodeError


class Each(Node):
    """Runs what stands in it once for each item, several at a time; the outputs come in the items' order.

    The Group input ``item`` gives the item, ``index`` its number from 0; every other Group input is a port that gives the
    same to all. Each Group output becomes a port that gives Items.
    """

    title = "For each"
    icon = "repeat-2"
    tags = ("loop", "map", "iterate", "list", "batch", "parallel")
    holds_body = True

    at_once: int = Field(4, ge=1, le=32)
    """How many items are worked on at the same time."""
    on_failure: Literal["stop", "skip"] = "stop"
    """When an item fails: stop the whole, or leave the item out and say so at the port 'failures'."""

    def inputs(self) -> dict[str, Any]:
        return {"items": object}

    def outputs(self) -> dict[str, Any]:
        return {}

    async def run(self, **values: object) -> dict[str, object]:
        raise NodeError("For each is run by the engine: what stands in it runs for every item.")
