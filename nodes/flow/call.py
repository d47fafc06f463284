from typing import Any

from pydantic import Field

from nodes.base import Node, NodeError
from nodes.types import FlowRef


class Call(Node):
    """Calls another flow of the workspace and gives its reply.

    A published flow calls what is published of the other; a draft calls its draft. The node's inputs are what the other
    flow is run with.
    """

    title = "Call a flow"
    icon = "workflow"
    tags = ("sub-flow", "reuse", "function", "subroutine", "workflow")
    holds_body = True

    flow: FlowRef = ""
    """Name, slug or id of the flow."""
    given: tuple[str, ...] = Field(("question",), min_length=1, max_length=20)
    """Names of the inputs that it is run with; each is a port."""

    def inputs(self) -> dict[str, Any]:
        return dict.fromkeys(self.given, object)

    async def run(self, **values: object) -> str:
        raise NodeError("The flow that is called has not been looked up.")
