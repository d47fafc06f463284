"""Calling what a model was offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from nodes.tools.tool import Tool


class Tools(Protocol):
    """The one way in which a model's wish becomes an action."""

    async def call(self, tool: Tool, arguments: Mapping[str, Any]) -> str:
        """What it answers, as text for the model.

        Errors: ``NodeError`` with a sentence that the model can read: arguments that break the schema are named,
        and nothing was done then.
        """
        ...
