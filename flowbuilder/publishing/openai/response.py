"""A run as OpenAI's response object, and as the typed events of its stream."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from flowbuilder.publishing.openai.answer import Answer, RunFailed
from flowbuilder.publishing.openai.models import name_of
from flowbuilder.runs.models import Run, Status

STATUS = {
    Status.QUEUED: "queued",
    Status.RUNNING: "in_progress",
    Status.WAITING: "in_progress",
    Status.FINISHED: "completed",
    Status.FAILED: "failed",
    Status.CANCELLED: "cancelled",
}


@dataclass
class Response:
    """``answer`` is read once, by one of the two."""

    answer: Answer
    asked: dict[str, Any]
    """What it repeats of its request."""

    @property
    def run(self) -> Run:
        return self.answer.run

    async def whole(self) -> dict[str, Any]:
        """As it stands: without output where the run has not ended."""
        if not self.run.ended:
            return self.told(STATUS[Status(self.run.status)])
        try:
            text = "".join([piece async for piece in self.answer.text()])
        except RunFailed as failed:
            cancelled = self.run.status == Status.CANCELLED
            return self.told("cancelled") if cancelled else self.told("failed", error=str(failed))
        return self.ended(text)

    async def events(self, after: int = -1) -> AsyncIterator[bytes]:
        """Server-sent events, those up to number ``after`` left out."""
        number = -1
        async for kind, data in self._events():
            number += 1
            if number > after:
                body = {"type": kind, "sequence_number": number, **data}
                yield f"event: {kind}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n".encode()

    async def _events(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        yield "response.created", {"response": self.told("in_progress")}
        yield "response.in_progress", {"response": self.told("in_progress")}
        text, begun = "", False
        where = {"item_id": self._message_id, "output_index": 0, "content_index": 0}
        try:
            async for piece in self.answer.text():
                if not begun:
                    begun = True
                    yield "response.output_item.added", {"output_index": 0, "item": self._message(None)}
                    yield "response.content_part.added", {**where, "part": self._part("")}
                text += piece
                yield "response.output_text.delta", {**where, "delta": piece, "logprobs": []}
        except RunFailed as failed:
            yield "response.failed", {"response": self.told("failed", error=str(failed))}
            return
        if begun or not self.answer.calls:
            if not begun:
                yield "response.output_item.added", {"output_index": 0, "item": self._message(None)}
                yield "response.content_part.added", {**where, "part": self._part("")}
            yield "response.output_text.done", {**where, "text": text, "logprobs": []}
            yield "response.content_part.done", {**where, "part": self._part(text)}
            yield "response.output_item.done", {"output_index": 0, "item": self._message(text)}
        output = self.output(text)
        for index, item in enumerate(output):
            if item["type"] == "function_call":
                for event in _call_events(index, item):
                    yield event
        ended = self.ended(text)
        yield f"response.{ended['status']}", {"response": ended}

    def ended(self, text: str) -> dict[str, Any]:
        """With its whole output, which a limit of tokens may have cut short."""
        return self.told("incomplete" if self.answer.cut_off else "completed", self.output(text))

    def output(self, text: str) -> list[dict[str, Any]]:
        calls = [
            {
                "type": "function_call",
                "id": f"fc_{self.run.pk.hex}_{number}",
                "call_id": call["id"],
                "name": call["name"],
                "arguments": call["arguments"],
                "status": "completed",
            }
            for number, call in enumerate(self.answer.calls)
        ]
        return [*([self._message(text)] if text or not calls else []), *calls]

    def told(
        self, status: str, output: list[dict[str, Any]] | None = None, error: str = ""
    ) -> dict[str, Any]:
        return {
            "id": name_of(self.run.pk),
            "object": "response",
            "created_at": int(self.run.created_at.timestamp()),
            "status": status,
            "error": {"code": "server_error", "message": error} if error else None,
            "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
            "output": output or [],
            "usage": self._usage() if status in {"completed", "incomplete"} else None,
            **self.asked,
        }

    def _usage(self) -> dict[str, Any]:
        taken = self.answer.usage
        return {
            "input_tokens": taken["prompt_tokens"],
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": taken["completion_tokens"],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sum(taken.values()),
        }

    @property
    def _message_id(self) -> str:
        return f"msg_{self.run.pk.hex}"

    def _message(self, text: str | None) -> dict[str, Any]:
        """``None`` while it is being written."""
        return {
            "type": "message",
            "id": self._message_id,
            "role": "assistant",
            "status": "in_progress" if text is None else "completed",
            "content": [] if text is None else [self._part(text)],
        }

    def _part(self, text: str) -> dict[str, Any]:
        cited = {"citations": self.answer.citations} if self.answer.citations else {}
        annotations = self.answer.annotations()
        return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": [], **cited}


def _call_events(index: int, item: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    where = {"item_id": item["id"], "output_index": index}
    begun = {**item, "arguments": "", "status": "in_progress"}
    arguments = item["arguments"]
    return [
        ("response.output_item.added", {"output_index": index, "item": begun}),
        ("response.function_call_arguments.delta", {**where, "delta": arguments}),
        ("response.function_call_arguments.done", {**where, "name": item["name"], "arguments": arguments}),
        ("response.output_item.done", {"output_index": index, "item": item}),
    ]


def as_messages(output: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a response said, as chat messages: how a conversation goes on from it."""
    text = "".join(part["text"] for item in output for part in item.get("content", []))
    calls = [
        {
            "id": item["call_id"],
            "type": "function",
            "function": {"name": item["name"], "arguments": item["arguments"]},
        }
        for item in output
        if item["type"] == "function_call"
    ]
    return [{"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}]
