"""Whole texts: of documents in the workspace's knowledge, and of pages elsewhere."""

from __future__ import annotations

from typing import Protocol


class Documents(Protocol):
    async def read(self, base: str, name: str) -> str:
        """The text of the document of that name. Errors: ``NodeError`` naming it, with those that there are."""
        ...

    async def page(self, address: str) -> str:
        """What can be read on a page, as Markdown. Errors: ``NodeError`` naming the address."""
        ...
