import asyncio
import keyword
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from nodes.base import Context
from nodes.tools.plain import plain, shown
from nodes.tools.sandbox import Limits, run_code
from nodes.tools.tool_node import ToolNode
from nodes.types import LongText

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
RESERVED = {"self", "ctx"}


@dataclass(frozen=True)
class Computed:
    text: str
    """The result as text: JSON, unless it is a text itself."""
    data: object


class Code(ToolNode):
    """Runs a few lines of Python in a sandbox: no files, no network, no packages; limits on time and memory."""

    icon = "code"
    tags = ("python", "script", "function", "transform", "sandbox", "monty")
    pure = True

    code: LongText = "{'words': len(str(value).split())}"
    """Python. The last line is an expression: its value is the output. json, re, math and datetime can be imported."""
    names: tuple[Name, ...] = Field(("value",), max_length=20)
    """The inputs; the code reads each by its name."""
    seconds: float = Field(5.0, gt=0, le=60)
    """How long it may compute."""
    memory_mb: int = Field(64, ge=4, le=512)
    """How much memory it may fill."""

    @field_validator("names")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if keyword.iskeyword(name) or name in RESERVED:
                raise ValueError(f"'{name}' means something in Python; choose another name")
            if names.count(name) > 1:
                raise ValueError(f"'{name}' is there twice")
        return names

    def inputs(self) -> dict[str, Any]:
        return dict.fromkeys(self.names, object)

    async def run(self, ctx: Context, **values: object) -> Computed:
        given = {name: plain(value) for name, value in values.items()}
        limits = Limits(seconds=self.seconds, memory=self.memory_mb * 2**20)
        found, printed = await asyncio.to_thread(run_code, self.code, given, limits)
        if printed:
            ctx.report("metric", {"printed": printed})
        return Computed(text=shown(found), data=found)
