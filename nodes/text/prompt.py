import re
from typing import Any

from nodes.base import Node
from nodes.types import PromptText

NAME = re.compile(r"\{\{\s*([A-Za-z]\w{0,59})\s*\}\}", re.ASCII)


class Prompt(Node):
    """Fills a template with the values wired into it."""

    icon = "text-cursor-input"
    tags = ("template", "variables", "text")
    pure = True

    template: PromptText = "Context:\n{{ context }}\n\nQuestion: {{ question }}"
    """Each name in double braces becomes an input. Nothing else is interpreted: a template cannot run code."""

    def inputs(self) -> dict[str, Any]:
        return dict.fromkeys(NAME.findall(self.template), object)

    async def run(self, **values: object) -> str:
        # One pass over the template: a value that holds braces is text, never a second template.
        return NAME.sub(lambda found: str(values[found[1]]), self.template)
