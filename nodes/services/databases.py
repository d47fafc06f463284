"""Databases that the administrator lists by name, to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Found:
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    """Plain data: dates and decimals as texts."""
    more: bool = False
    """Whether there were more than asked for."""


class Databases(Protocol):
    async def select(
        self, database: str, sql: str, values: Mapping[str, Any], *, most: int, seconds: float
    ) -> Found:
        """One SELECT with its values bound, in a transaction that only reads.

        Errors: ``NodeError`` naming the database, or what of the statement is not allowed.
        """
        ...

    async def tables(self, database: str) -> Mapping[str, tuple[str, ...]]:
        """Columns by table."""
        ...
