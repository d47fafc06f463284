from typing import Any, Literal

from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.flow.rules import number_of, plain
from nodes.services.variables import Scope

MOST_ITEMS = 10_000


class SetVariable(Node):
    """Sets a variable to what is wired in, adds to it, or puts it at the end of a list. Runs side by side lose nothing."""

    title = "Set variable"
    icon = "variable"
    tags = ("store", "state", "memory", "global", "save", "counter", "append", "assign")

    scope: Scope = "session"
    """'run' ends with the run, 'session' lasts for a conversation with this flow, 'workspace' is there for every flow."""
    name: str = Field("", max_length=100)
    """The variable's name."""
    does: Literal["set", "set once", "add number", "append to list", "append to text", "forget"] = "set"
    """'set once' keeps what is there already; 'forget' removes it, whatever is wired in."""

    def outputs(self) -> dict[str, Any]:
        return {"out": object, "now": object}

    async def run(self, ctx: Context, value: object) -> dict[str, Any]:
        """``out`` passes the value on, ``now`` is what the variable holds from then on."""
        if not self.name.strip():
            raise NodeError("Setting 'name': say which variable to set.")
        if ctx.variables is None:
            raise NodeError("Variables are there in runs only: nothing is remembered here.")
        given = plain(value)
        now = await ctx.variables.change(
            self.scope, self.name.strip(), lambda held: self._changed(held, given)
        )
        return {"out": value, "now": now}

    def _changed(self, held: Any, given: Any) -> Any:
        if self.does == "forget":
            return None
        if self.does == "set once" and held is not None:
            return held
        if self.does == "add number":
            return self._sum(held, given)
        if self.does == "append to list":
            return self._longer(held, given)
        if self.does == "append to text":
            return f"{'' if held is None else held}{given}"
        return given

    def _sum(self, held: Any, given: Any) -> float:
        before, more = 0.0 if held is None else number_of(held), number_of(given)
        if before is None:
            raise NodeError(f"The variable '{self.name}' holds no number that something could be added to.")
        if more is None:
            raise NodeError(f"Only a number can be added to '{self.name}'; what is wired in is none.")
        return before + more

    def _longer(self, held: Any, given: Any) -> list[Any]:
        before = [] if held is None else held
        if not isinstance(before, list):
            raise NodeError(f"The variable '{self.name}' holds no list that something could be put into.")
        if len(before) >= MOST_ITEMS:
            raise NodeError(f"The list '{self.name}' is full: {MOST_ITEMS:,} entries are the most.")
        return [*before, given]
