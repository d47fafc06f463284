import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import Field, field_validator

from nodes.base import NodeError
from nodes.tools.plain import read, shown
from nodes.tools.tool_node import ToolNode

DEEPEST = 60
"""Brackets within brackets: what reads the expression calls itself for each."""


@dataclass(frozen=True)
class Mapped:
    text: str
    """The result as text: JSON, unless it is a text itself."""
    data: object


class Map(ToolNode):
    """Takes parts out of JSON and puts them together anew, by a JMESPath expression."""

    icon = "braces"
    tags = ("jmespath", "json", "transform", "extract", "query", "jq", "path")
    pure = True

    expression: str = Field("@", min_length=1, max_length=2000)
    """For example orders[?total > `100`].{id: id, city: address.city}; see jmespath.org. @ is the whole input."""

    @field_validator("expression")
    @classmethod
    def _is_jmespath(cls, expression: str) -> str:
        depth = deepest = 0
        for sign in expression:
            depth += (sign in "([{") - (sign in ")]}")
            deepest = max(deepest, depth)
        if deepest > DEEPEST or expression.count("!") > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST}")
        try:
            jmespath.compile(expression)
        except (JMESPathError, RecursionError) as error:
            first = str(error).splitlines()[0] if str(error) else "it cannot be read"
            raise ValueError(f"it is no JMESPath expression: {first}") from error
        return expression

    async def run(self, data: Annotated[Any, Field(description="JSON, or text that holds JSON")]) -> Mapped:
        given = read(data)
        try:
            # Beside the others: over much data it takes a while.
            found = await asyncio.to_thread(jmespath.search, self.expression, given)
        except (JMESPathError, RecursionError, ArithmeticError, TypeError, ValueError) as error:
            raise NodeError(f"Setting 'expression' does not fit this input: {error}") from error
        if found is None:
            raise NodeError(
                f"Setting 'expression': nothing in the input is at '{self.expression[:100]}'{_there(given)}."
            )
        return Mapped(text=shown(found), data=found)


def _there(given: Any) -> str:
    if isinstance(given, dict):
        return f"; it has {', '.join(map(str, list(given)[:12])) or 'nothing'}"
    return f"; it is a {'list' if isinstance(given, list) else type(given).__name__}"
