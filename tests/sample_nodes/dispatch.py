from typing import Annotated, Literal

from pydantic import Field

from nodes.base import NodeError
from nodes.tools.tool_node import ToolNode

Parcels = Annotated[int, Field(description="How many", ge=1, le=40)]


class Dispatch(ToolNode):
    """Sends a van out."""

    async def run(self, where: Literal["north", "south"], parcels: Parcels) -> str:
        if where == "south":
            raise NodeError("No van goes south today.")
        return f"{parcels} parcels are on their way {where}."
