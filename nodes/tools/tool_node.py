"""The base of nodes that a model may call."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from nodes.base import Context, Node
from nodes.types import LongText

NAMING = ("tool_name", "tool_description")
LAST = ("auth", "secret", "auth_name", *NAMING)


def in_form_order(schema: dict[str, Any]) -> None:
    """A form begins with what the node does, not with how it signs in or what a model calls it."""
    fields = schema.get("properties", {})
    for name in LAST:
        if name in fields:
            fields[name] = fields.pop(name)


class ToolNode(Node):
    """A node like any other that also offers itself at the port ``tool``.

    Wired at ``tool`` alone it does nothing when its turn comes: it waits for a model to call it. Its inputs are
    the arguments; one that is wired in is fixed, and the model neither sees nor changes it. An argument of
    ``run`` says what it is by ``Annotated[str, Field(description="...")]``.
    """

    model_config = ConfigDict(json_schema_extra=in_form_order)

    tool_name: str = Field("", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    """What a model calls it by; empty takes the node's name on the canvas."""
    tool_description: LongText = ""
    """What a model reads to decide when to call it; empty takes what the node says of itself."""

    async def parameters(self, ctx: Context) -> dict[str, Any] | None:
        """The JSON Schema of the arguments, for a node that knows more than its ports; None reads those."""
        return None

    async def about(self, ctx: Context) -> str:
        """What a model reads where nobody wrote ``tool_description``; empty takes the class's first sentence."""
        return ""
