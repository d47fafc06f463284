"""What a model may call: plain data on a wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from nodes.types import Value


class Tool(Value):
    """A node that is offered to a model. Only ``Context.tools`` calls it, after the arguments were checked."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    """What the model calls it by."""
    description: str
    """What it does and when to use it, for the model."""
    parameters: dict[str, Any]
    """The JSON Schema of the arguments: an object."""
    kind: str
    """The node type that does the work, for example ``tools.calculator``."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """Its settings; a secret stands in them by its name only."""
    fixed: dict[str, Any] = Field(default_factory=dict)
    """Inputs that are wired in: the model neither sees nor changes them."""
