import re
from typing import Annotated, Any

from pydantic import Field

from nodes.base import Context, NodeError
from nodes.tools.tool_node import ToolNode
from nodes.types import LongText

Port = Annotated[str, Field(pattern=r"^[A-Za-z]\w{0,59}$")]


class Placeholder(ToolNode):
    """Stands where an imported flow had a node that has no counterpart here. It keeps what that node was; a run that comes to it stops."""

    title = "Placeholder"
    icon = "puzzle"
    offered = False
    tags = ("import", "missing", "flowise", "langflow", "dify", "unknown")

    was: str = Field("", max_length=200)
    """What the node was where it came from, such as Flowise: csvAgent."""
    missing: LongText = Field("", max_length=4000)
    """What is missing here, and what would take its place."""
    kept: LongText = Field("", max_length=500_000)
    """The settings that it had, as they were."""
    takes: tuple[Port, ...] = Field((), max_length=100)
    """Inputs that are wired."""
    gives: tuple[Port, ...] = Field(("out",), min_length=1, max_length=100)
    """Outputs that are wired."""

    def inputs(self) -> dict[str, Any]:
        return {name: list[object] for name in self.takes}

    def outputs(self) -> dict[str, Any]:
        return dict.fromkeys(self.gives, Any)

    async def parameters(self, ctx: Context) -> dict[str, Any]:
        return {"type": "object", "properties": {}, "additionalProperties": False}

    async def about(self, ctx: Context) -> str:
        return f"Does not work yet, do not call it: {self.told}"

    @property
    def told(self) -> str:
        """What is missing, in one sentence or a few."""
        name = f"'{self.was}'" if self.was else "This node"
        return f"{name} was imported and has no counterpart here. {self.missing}".strip()

    async def run(self, **values: object) -> dict[str, object]:
        raise NodeError(re.sub(r"\s+", " ", self.told))
