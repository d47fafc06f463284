from pydantic import Field

from nodes.base import Node, NodeError
from nodes.flow.group_input import PORT


class GroupOutput(Node):
    """Gives out at a port of the group that it stands in what arrives here."""

    title = "Group output"
    icon = "log-out"
    tags = ("port", "result", "return")

    name: str = Field("result", pattern=PORT)
    """The port that the group has by it."""

    async def run(self, content: object) -> object:
        raise NodeError(f"Group output '{self.name}' stands in no group.")
