import asyncio
from typing import Annotated, ClassVar

from pydantic import Field

from nodes.base import NodeError, Waiting
from nodes.tools.tool_node import ToolNode


class Weigh(ToolNode):
    """Says how much a thing weighs."""

    timeout = 0.2
    weighed: ClassVar[list[str]] = []

    unit: str = "g"

    async def run(
        self,
        what: Annotated[str, Field(description="The thing")],
        grams: Annotated[int, Field(ge=0)] = 0,
    ) -> str:
        self.weighed.append(what)
        if what == "lead":
            raise NodeError("Lead is too heavy.")
        if what == "wait":
            raise Waiting("k", {})
        if what == "break":
            raise RuntimeError
        if what == "sleep":
            await asyncio.sleep(5)
        return f"{what}: {grams} {self.unit}"
