"""A conversation as chat messages, and what of it a flow is given: question, history, what was called since."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict

from flowbuilder.publishing.openai.finding import refusal

TEXTS = {"text", "input_text", "output_text", "refusal"}


class Part(Schema):
    model_config = ConfigDict(extra="ignore")
    type: str
    text: str = ""
    refusal: str = ""


class Function(Schema):
    model_config = ConfigDict(extra="ignore")
    name: str
    arguments: str = "{}"


class WantedCall(Schema):
    model_config = ConfigDict(extra="ignore")
    id: str
    type: str = "function"
    function: Function


class Message(Schema):
    model_config = ConfigDict(extra="ignore")
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None
    tool_calls: list[WantedCall] | None = None
    tool_call_id: str | None = None

    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text or part.refusal for part in self.content)
        return self.content or ""


@dataclass(frozen=True)
class Conversation:
    question: str
    history: list[dict[str, str]]
    exchange: list[dict[str, Any]]
    """Calls since the question, with what the caller says came of them: ``nodes.services.caller.Exchanged``."""


def conversation(messages: Sequence[Message]) -> Conversation:
    """``ApiError`` 400 names the message that cannot be taken."""
    asked = [index for index, message in enumerate(messages) if message.role == "user"]
    if not asked:
        raise refusal("messages", "'messages' needs at least one message of the role 'user'.")
    for index, message in enumerate(messages):
        must_be_text(message, f"messages.{index}.content")
    last = asked[-1]
    history = [row for message in messages[:last] if (row := _told(message))]
    return Conversation(messages[last].text(), history, _exchange(messages[last + 1 :], last + 1))


def must_be_text(message: Message, where: str) -> None:
    parts = message.content if isinstance(message.content, list) else []
    other = next((part.type for part in parts if part.type not in TEXTS), None)
    if other is not None:
        raise refusal(where, f"Content of the type '{other}' is not taken: a flow is asked by text.")


def _told(message: Message) -> dict[str, str] | None:
    """An earlier message as plain words: a call stands in them as JSON, as agents see their own."""
    if message.role == "tool":
        return {"role": "user", "content": f"Result of {message.tool_call_id}: {message.text()}"}
    calls = [
        {"id": call.id, "tool": call.function.name, "arguments": call.function.arguments}
        for call in message.tool_calls or []
    ]
    text = "\n".join(
        filter(None, [message.text(), *(json.dumps(call, ensure_ascii=False) for call in calls)])
    )
    role = "system" if message.role == "developer" else message.role
    return {"role": role, "content": text} if text else None


def _exchange(messages: Sequence[Message], first: int) -> list[dict[str, Any]]:
    wanted: dict[str, dict[str, Any]] = {}
    for index, message in enumerate(messages, start=first):
        for call in message.tool_calls or []:
            wanted[call.id] = {
                "id": call.id,
                "name": call.function.name,
                "arguments": _arguments(call, index),
                "thought": message.text(),
            }
        if message.role == "tool":
            call_id = message.tool_call_id or ""
            if call_id not in wanted:
                raise refusal(
                    f"messages.{index}.tool_call_id", f"No assistant's message before it calls '{call_id}'."
                )
            wanted[call_id]["result"] = message.text()
    if open_ones := [call_id for call_id, call in wanted.items() if "result" not in call]:
        raise refusal("messages", f"The calls {', '.join(open_ones)} have no message of the role 'tool'.")
    return list(wanted.values())


def _arguments(call: WantedCall, index: int) -> dict[str, Any]:
    try:
        found = json.loads(call.function.arguments or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise refusal(
            f"messages.{index}.tool_calls", f"The arguments of '{call.id}' are not the text of a JSON object."
        )
    return found
