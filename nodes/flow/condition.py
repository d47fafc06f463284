from typing import Any, Literal

from pydantic import Field, field_validator

from nodes.base import Context, Node
from nodes.flow.rules import Rule
from nodes.types import Value

ELSE = "else"


class Branch(Value):
    """Where a value goes that passes these rules."""

    name: str = Field(pattern=r"^[A-Za-z]\w{0,39}$")
    """The name of its output."""
    needs: Literal["all", "any"] = "all"
    """Whether all of the rules must hold, or one is enough."""
    rules: tuple[Rule, ...] = Field(min_length=1, max_length=20)
    """What the value is compared with."""


class Condition(Node):
    """Sends a value to the first branch whose rules it passes, else to the output 'else'."""

    title = "Condition"
    icon = "split"
    tags = ("if", "else", "switch", "branch", "compare", "router", "case")
    pure = True

    branches: tuple[Branch, ...] = Field(
        (Branch(name="yes", rules=(Rule(test="not empty"),)),), min_length=1, max_length=20
    )
    """Looked at from the top; the first that fits is taken."""

    @field_validator("branches")
    @classmethod
    def _have_names_of_their_own(cls, branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
        names = [branch.name for branch in branches]
        for name in names:
            if name == ELSE:
                raise ValueError("'else' is where everything goes that fits no branch; choose another name")
            if names.count(name) > 1:
                raise ValueError(f"two branches are called '{name}'")
        return branches

    def outputs(self) -> dict[str, Any]:
        return {**{branch.name: object for branch in self.branches}, ELSE: object}

    async def run(self, ctx: Context, value: object) -> dict[str, object]:
        taken = next((branch.name for branch in self.branches if _fits(branch, value)), ELSE)
        ctx.report("metric", {"branch": taken})
        return {taken: value}


def _fits(branch: Branch, value: object) -> bool:
    return (all if branch.needs == "all" else any)(rule.holds(value) for rule in branch.rules)
