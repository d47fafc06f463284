"""A look into a model of the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

What = Literal["tokens", "next", "attention"]


class Science(Protocol):
    """Done where the models are, in the model worker's runtime."""

    async def look(
        self,
        model: str,
        text: str,
        *,
        what: What,
        chat: bool = False,
        after: str = "",
        then: Sequence[int] = (),
        top: int = 10,
        layers: Sequence[int] = (),
    ) -> dict[str, Any]:
        """What stands in the values of ``nodes.science.values``, as plain data, with ``model``: the version's reference.

        ``chat`` reads the text as a person's message; ``after`` and ``then`` (token ids) are what the model has
        written already. Errors: ``NodeError`` naming the model.
        """
        ...
