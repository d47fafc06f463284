"""Input items of ``/v1/responses`` as chat messages, and as they are listed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from flowbuilder.publishing.openai.finding import refusal
from flowbuilder.publishing.openai.messages import Message, must_be_text

SILENT = {"reasoning"}
"""Callers send it back; a flow has no use for it."""


def messages_of(items: str | Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """``ApiError`` 400 names the item that cannot be taken."""
    if isinstance(items, str):
        return [{"role": "user", "content": items}]
    told = [_message(item, f"input.{index}") for index, item in enumerate(items)]
    return [message for message in told if message]


def _message(item: dict[str, Any], where: str) -> dict[str, Any] | None:
    kind = item.get("type", "message")
    if kind in SILENT:
        return None
    if kind == "function_call":
        function = {"name": str(item.get("name", "")), "arguments": str(item.get("arguments", "{}"))}
        call = {"id": str(item.get("call_id", "")), "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
    if kind == "function_call_output":
        output = item.get("output", "")
        text = output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)
        return {"role": "tool", "tool_call_id": str(item.get("call_id", "")), "content": text}
    if kind != "message":
        raise refusal(where, f"Items of the type '{kind}' are not taken.")
    said = {"role": item.get("role"), "content": item.get("content")}
    try:
        must_be_text(Message.model_validate(said), f"{where}.content")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, (where, *first["loc"])))
        raise refusal(place, f"'{place}': {first['msg']}.") from error
    return said


def listed(items: str | Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with an id and the shape in which OpenAI lists it."""
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    return [_listed(item) for item in items]


def _listed(item: dict[str, Any]) -> dict[str, Any]:
    kind = item.get("type", "message")
    before = {"function_call": "fc", "function_call_output": "fco"}.get(kind, "msg")
    told = {"id": f"{before}_{uuid.uuid4().hex}", "type": kind, "status": "completed", **item}
    if kind == "message" and isinstance(item.get("content"), str):
        part = "output_text" if item.get("role") == "assistant" else "input_text"
        told["content"] = [{"type": part, "text": item["content"], "annotations": []}]
    return told
