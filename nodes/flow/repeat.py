from typing import Any

from pydantic import Field

from nodes.base import Node, NodeError
from nodes.flow.group_input import PORT

NO = {"", "0", "no", "false"}


class Repeat(Node):
    """Runs what stands in it again and again, until one of its outputs says that it is enough.

    What a Group output gave is what the Group input of the same name gives in the next round. The Group input ``index``
    gives the number of the round, from 0.
    """

    title = "Repeat until"
    icon = "iteration-cw"
    tags = ("loop", "while", "iterate", "retry", "refine")
    holds_body = True

    until: str = Field("done", pattern=PORT)
    """The Group output that ends it: a round in which something arrives there, other than no, false, 0 or nothing, is the last."""
    rounds: int = Field(5, ge=1, le=100)
    """How often at most."""

    def inputs(self) -> dict[str, Any]:
        return {}

    def outputs(self) -> dict[str, Any]:
        return {}

    def enough(self, outputs: dict[str, Any]) -> bool:
        value = outputs.get(self.until)
        return value is not None and str(value).strip().lower() not in NO

    async def run(self, **values: object) -> dict[str, object]:
        raise NodeError("Repeat until is run by the engine: what stands in it runs again and again.")
