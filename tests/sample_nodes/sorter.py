from typing import Any

from nodes.base import Node


class Sorter(Node):
    """Gives the text at the port of its first letter."""

    letters: str = "ab"

    def outputs(self) -> dict[str, Any]:
        return dict.fromkeys([*self.letters, "rest"], str)

    async def run(self, text: str) -> dict[str, str]:
        return {text[0] if text[0] in self.letters else "rest": text}
