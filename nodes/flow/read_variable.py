from typing import Any, Literal

from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.flow.fields import JsonField, NumberField, YesNoField
from nodes.flow.rules import text_of
from nodes.services.variables import Scope
from nodes.types import LongText, Record


class ReadVariable(Node):
    """Gives what a variable holds: of this run, of this conversation or of the whole workspace."""

    title = "Read variable"
    icon = "variable"
    tags = ("get", "state", "memory", "global", "store", "counter")

    scope: Scope = "session"
    """'run' ends with the run, 'session' lasts for a conversation with this flow, 'workspace' is there for every flow."""
    name: str = Field("", max_length=100)
    """The variable's name."""
    gives: Literal["text", "number", "yes/no", "json"] = "text"
    """What comes out."""
    default: LongText = ""
    """What comes out while nothing has been set. Left empty, the output is then untaken."""

    def inputs(self) -> dict[str, Any]:
        # Whatever is wired here only says when to read: behind the node that sets it.
        return {"after": object | None}

    def outputs(self) -> dict[str, Any]:
        return {"out": {"text": str, "number": float, "yes/no": bool, "json": Record}[self.gives]}

    async def run(self, ctx: Context, after: object = None) -> dict[str, Any]:
        if not self.name.strip():
            raise NodeError("Setting 'name': say which variable to read.")
        if ctx.variables is None:
            raise NodeError("Variables are there in runs only: nothing is remembered here.")
        held = await ctx.variables.read(self.scope, self.name.strip())
        if held is None:
            held = self.default or None
        try:
            return {} if held is None else {"out": typed(held, self.gives)}
        except ValueError as error:
            raise NodeError(f"The variable '{self.name}' {error}.") from error


def typed(held: Any, kind: str) -> Any:
    """As this type; ``ValueError`` says what it holds instead."""
    if kind == "text":
        return text_of(held)
    readers = {
        "number": NumberField(name="value"),
        "yes/no": YesNoField(name="value"),
        "json": JsonField(name="value"),
    }
    try:
        return readers[kind].read(held)
    except ValueError as error:
        raise ValueError(f"cannot be read as {kind}: {error}") from error
