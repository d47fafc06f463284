"""What a program that runs a flow asks of the model whose words are the reply: its own tools, and the reply's form."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from nodes.tools.tool import Tool

THEIRS = "caller"
"""The ``kind`` of a tool that only the caller can call."""
AUTO, NONE, REQUIRED = "auto", "none", "required"


class Exchanged(BaseModel):
    """A call that the model wanted earlier, and what the caller says came of it."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    arguments: dict[str, Any]
    result: str
    thought: str = ""


class Caller(BaseModel):
    """Given to one node alone: the one that speaks the reply."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    tools: tuple[Tool, ...] = ()
    choice: str = AUTO
    """auto, none, required, or the name of the one tool to call."""
    several: bool = True
    """It may want several calls at once."""
    exchange: tuple[Exchanged, ...] = ()
    """What was called since the question, oldest first."""
    json_schema: dict[str, Any] | None = None
    """What the reply has to satisfy as JSON."""

    @property
    def offered(self) -> tuple[Tool, ...]:
        return () if self.choice == NONE else self.tools

    def has(self, name: str) -> bool:
        return any(tool.name == name for tool in self.offered)
