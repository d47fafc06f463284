"""A published flow as a chat model: a run's events as OpenAI's completion objects."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.publishing.speaker import speaker_of
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Run


class RunFailed(Exception):
    """The run ended without a reply; the message is for the caller."""


@dataclass
class Completion:
    """One answer as it comes in. ``usage`` sums the nodes' token counts."""

    run: Run
    model: str
    created: int = field(default_factory=lambda: int(time.time()))
    usage: dict[str, int] = field(default_factory=lambda: {"prompt_tokens": 0, "completion_tokens": 0})
    citations: list[dict[str, Any]] = field(default_factory=list)
    """What the reply rests on, once it is whole."""

    async def text(self) -> AsyncGenerator[str]:
        """Pieces of the reply: streamed where a node streams straight into Reply, else whole at the end.

        A second attempt of such a node streams again from its beginning, which cannot be taken back from the
        caller: from then on pieces are held, and the end brings what is missing.
        """
        direct = speaker_of(Graph.model_validate(self.run.graph))
        sent, holding = "", False
        async for event in follow(self.run.pk):
            kind, data = event["type"], event["data"]
            if kind == "node.started" and event["node"] == direct and data.get("attempt", 1) > 1:
                holding = True
            elif kind == "node.token" and event["node"] == direct and not holding:
                sent += data["text"]
                yield data["text"]
            elif kind == "node.finished":
                for name in self.usage:
                    self.usage[name] += data.get("usage", {}).get(name, 0)
            elif kind == "run.finished":
                self.citations = data.get("citations", [])
                if data["reply"].startswith(sent):
                    if rest := data["reply"][len(sent) :]:
                        yield rest
                elif sent:
                    raise RunFailed("The answer was interrupted and started anew; ask again.")
                return
            elif kind in {"run.failed", "run.cancelled", "run.waiting"}:
                raise RunFailed(data.get("error") or "The flow stopped before it had a reply.")

    def whole(self, text: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text, "refusal": None, **self._cited()}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.total()}

    async def chunks(self, include_usage: bool) -> AsyncIterator[bytes]:
        yield self._chunk({"role": "assistant", "content": ""})
        try:
            async for piece in self.text():
                yield self._chunk({"content": piece})
        except RunFailed as failed:
            yield error_frame("server_error", "run_failed", str(failed))
            return
        yield self._chunk(self._cited(), finish="stop")
        if include_usage:
            yield _frame({**self._head("chat.completion.chunk"), "choices": [], "usage": self.total()})
        yield b"data: [DONE]\n\n"

    def _cited(self) -> dict[str, Any]:
        """OpenAI's annotations of a file, and ours in full; neither where nothing is cited."""
        if not self.citations:
            return {}
        annotations = [
            {
                "type": "file_citation",
                "file_id": item["document_id"],
                "filename": item["source"],
                "index": index,
            }
            for index, item in enumerate(self.citations)
        ]
        return {"annotations": annotations, "citations": self.citations}

    def total(self) -> dict[str, int]:
        return {**self.usage, "total_tokens": sum(self.usage.values())}

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self.run.pk.hex}",
            "object": kind,
            "created": self.created,
            "model": self.model,
        }

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _frame({**self._head("chat.completion.chunk"), "choices": [choice]})


def error_frame(kind: str, code: str, message: str) -> bytes:
    """How a stream that has begun says that it cannot go on."""
    return _frame({"error": {"message": message, "type": kind, "code": code, "param": None}})


def _frame(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
