"""Models that somebody else serves, by OpenAI's chat protocol: vLLM, Ollama, llama.cpp, OpenAI and others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from nodes.base import Sampling


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a model answers."""

    base_url: str
    """Up to and without ``/chat/completions``."""
    model: str
    api_key: str = ""
    """Name of a secret, never a key itself; empty sends none."""
    tries: int = 3
    """How often a busy or broken server is asked."""
    seconds: float = 120
    """How long each step of an answer may keep waiting."""


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """A model's wish to call a tool."""

    id: str
    name: str
    arguments: str
    """JSON, as the model wrote it."""


class RemoteModels(Protocol):
    """Chat with a model at an address that the administrator allows."""

    def chat(
        self,
        endpoint: Endpoint,
        messages: Sequence[Mapping[str, Any]],
        *,
        sampling: Sampling,
        schema: dict[str, Any] | None = None,
        tools: Sequence[dict[str, Any]] = (),
        choice: str = "",
    ) -> AsyncIterator[str | ToolCall]:
        """Stream text pieces, then the tools that it wants called; ``choice`` is auto, none, required or a tool's name.

        ``schema`` asks for JSON, as strictly as the server knows how to: the answer still has to be checked.
        Token counts reach the node's trace by themselves. Errors: ``NodeError`` naming the host or the setting.
        """
        ...
