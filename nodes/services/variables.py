"""What outlasts a node: for the run, the conversation or the whole workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

Scope = Literal["run", "session", "workspace"]


class Variables(Protocol):
    """Named JSON values. Only nodes and people of the workspace reach them."""

    async def read(self, scope: Scope, name: str) -> Any:
        """The value; None where nobody has set one."""
        ...

    async def change(self, scope: Scope, name: str, change: Callable[[Any], Any]) -> Any:
        """Put ``change(value so far, or None)`` in its place and give it; nobody else changes it in between.

        Errors: ``NodeError`` where the value is too large. What ``change`` raises passes through, and nothing is changed.
        """
        ...
