from pydantic import Field

from nodes.base import Node, NodeError

PORT = r"^[A-Za-z]\w{0,59}$"


class GroupInput(Node):
    """Gives what arrives at a port of the group that it stands in.

    In For each the input ``item`` is one of the items; there and in Repeat until, ``index`` is the number of the round,
    from 0.
    """

    title = "Group input"
    icon = "log-in"
    tags = ("port", "parameter", "argument", "item", "index")

    name: str = Field("input", pattern=PORT)
    """The port that the group has by it."""
    required: bool = True
    """Without it the group also runs when nothing arrives at the port."""

    async def run(self) -> object:
        raise NodeError(f"Group input '{self.name}' stands in no group.")
