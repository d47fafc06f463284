from dataclasses import dataclass

from nodes.base import Node
from nodes.tools.tool import Tool


@dataclass(frozen=True)
class Offered:
    tools: list[Tool]


class Toolbox(Node):
    """Gives two scales at once."""

    async def run(self) -> Offered:
        parameters = {"type": "object", "properties": {"what": {"type": "string"}}, "required": ["what"]}
        names = ("first", "second")
        return Offered(
            [
                Tool(name=name, description="", parameters=parameters, kind="weigh", settings={"unit": "oz"})
                for name in names
            ]
        )
