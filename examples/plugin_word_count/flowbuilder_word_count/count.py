import re
from typing import Annotated

from pydantic import Field

from nodes.tools.tool_node import ToolNode

WORD = re.compile(r"\w+(?:['’-]\w+)*")


class CountWords(ToolNode):
    """Counts the words of a text."""

    category = "text"
    icon = "calculator"
    tags = ("length", "words", "statistics")
    pure = True

    least: int = Field(1, ge=1, le=50)
    """How many letters a word has at least."""

    async def run(self, text: Annotated[str, Field(description="What is counted")]) -> str:
        return str(sum(len(word) >= self.least for word in WORD.findall(text)))
