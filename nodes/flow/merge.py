from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from nodes.base import Node
from nodes.flow.rules import plain
from nodes.types import Record

Name = Annotated[str, Field(pattern=r"^[A-Za-z]\w{0,39}$")]


class Merge(Node):
    """Joins branches again: the first that was taken, or all of them as text, as a list or as an object."""

    title = "Merge"
    icon = "merge"
    tags = ("join", "combine", "wait for all", "fan-in", "collect", "any")
    pure = True

    how: Literal["first", "text", "list", "object"] = "first"
    """'first' passes on what arrives at the topmost wire that was taken; the others wait for all wires and join what arrives. Branches that were not taken are left out."""
    separator: str = Field("\n\n", max_length=100)
    """For 'text': stands between the parts."""
    names: tuple[Name, ...] = Field(("first", "second"), min_length=1, max_length=20)
    """For 'object': the inputs, whose names become its keys."""
    need_all: bool = False
    """For 'object': skip the node where one of the branches was not taken."""

    @field_validator("names")
    @classmethod
    def _differ(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise ValueError(f"two inputs are called '{twice}'")
        return names

    def inputs(self) -> dict[str, Any]:
        if self.how == "object":
            return dict.fromkeys(self.names, object if self.need_all else object | None)
        return {"values": list[object]}

    def outputs(self) -> dict[str, Any]:
        return {"out": {"first": object, "text": str}.get(self.how, Record)}

    async def run(self, **values: Any) -> dict[str, Any]:
        if self.how == "object":
            return {"out": Record(data={name: plain(value) for name, value in values.items()})}
        arrived = values["values"]
        if self.how == "text":
            return {"out": self.separator.join(str(value) for value in arrived)}
        return {
            "out": arrived[0] if self.how == "first" else Record(data=[plain(value) for value in arrived])
        }
