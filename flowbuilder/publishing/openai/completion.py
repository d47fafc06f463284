"""A published flow as a chat model: an answer as OpenAI's completion objects."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.publishing.openai.answer import Answer, RunFailed


@dataclass
class Completion:
    """``answer`` is read once, by one of the two."""

    answer: Answer
    model: str
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, text: str) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, **self._cited()}
        if self.answer.calls:
            message |= {"content": text or None, "tool_calls": [_call(call) for call in self.answer.calls]}
        choice = {"index": 0, "message": message, "finish_reason": self._finish(), "logprobs": None}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.total()}

    async def chunks(self, include_usage: bool) -> AsyncIterator[bytes]:
        yield self._chunk({"role": "assistant", "content": ""})
        try:
            async for piece in self.answer.text():
                yield self._chunk({"content": piece})
        except RunFailed as failed:
            yield error_frame("server_error", "run_failed", str(failed))
            return
        for index, call in enumerate(self.answer.calls):
            yield self._chunk({"tool_calls": [{"index": index, **_call(call)}]})
        yield self._chunk(self._cited(), finish=self._finish())
        if include_usage:
            yield _frame({**self._head("chat.completion.chunk"), "choices": [], "usage": self.total()})
        yield b"data: [DONE]\n\n"

    def _finish(self) -> str:
        if self.answer.calls:
            return "tool_calls"
        return "length" if self.answer.cut_off else "stop"

    def _cited(self) -> dict[str, Any]:
        """OpenAI's annotations of a file, and ours in full; neither where nothing is cited."""
        if not self.answer.citations:
            return {}
        return {"annotations": self.answer.annotations(), "citations": self.answer.citations}

    def total(self) -> dict[str, int]:
        return {**self.answer.usage, "total_tokens": sum(self.answer.usage.values())}

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self.answer.run.pk.hex}",
            "object": kind,
            "created": self.created,
            "model": self.model,
        }

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _frame({**self._head("chat.completion.chunk"), "choices": [choice]})


def _call(call: dict[str, str]) -> dict[str, Any]:
    function = {"name": call["name"], "arguments": call["arguments"]}
    return {"id": call["id"], "type": "function", "function": function}


def error_frame(kind: str, code: str, message: str) -> bytes:
    """How a stream that has begun says that it cannot go on."""
    return _frame({"error": {"message": message, "type": kind, "code": code, "param": None}})


def _frame(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
