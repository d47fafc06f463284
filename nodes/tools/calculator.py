from typing import Annotated

from pydantic import Field

from nodes.base import NodeError
from nodes.tools.arithmetic import NotASum, worked_out
from nodes.tools.tool_node import ToolNode

Sum = Annotated[str, Field(description="A sum, such as (19.99 * 3) / 1.2 or sqrt(2)")]


class Calculator(ToolNode):
    """Works out a sum exactly: decimal numbers, brackets, powers and the usual functions."""

    icon = "calculator"
    tags = ("math", "arithmetic", "sum", "formula", "number")
    pure = True

    async def run(self, expression: Sum) -> str:
        try:
            return worked_out(expression)
        except NotASum as error:
            raise NodeError(f"'expression' cannot be worked out: {error}.") from error
