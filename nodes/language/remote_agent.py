from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from nodes.base import Context, Node, NodeError, Sampling
from nodes.language.acting import Acting, Call, Done, Turn
from nodes.language.asked import asked
from nodes.language.endpoint import Remote
from nodes.language.limited import AT_LIMIT, Limited
from nodes.services.caller import Caller
from nodes.services.remote_models import Endpoint, RemoteModels, ToolCall
from nodes.tools.tool import Tool
from nodes.types import Messages


class RemoteAgent(Remote, Limited, Node):
    """Answers by calling the tools that are wired to it, with a model at an OpenAI-compatible address. It leaves your machines."""

    title = "Remote agent"
    icon = "bot"
    tags = ("tools", "function calling", "openai", "vllm", "ollama", "react", "assistant", "llm")
    attempts = 2
    timeout = 1800
    takes_caller = True
    sends_out = True

    async def run(self, ctx: Context, prompt: str | Messages, tools: list[Tool]) -> AsyncIterator[str]:
        if ctx.remote is None:
            raise NodeError("This installation asks no models elsewhere.")
        question = asked(prompt, self.instructions)
        mind = Native(ctx.remote, self.endpoint, self.sampling, question, tools, ctx.caller or Caller())
        async for piece in Acting(ctx, mind, tools, self.limits).run():
            yield piece


@dataclass(frozen=True)
class Native:
    """A model that calls tools by OpenAI's protocol, several at once where it likes."""

    remote: RemoteModels
    endpoint: Endpoint
    sampling: Sampling
    question: list[dict[str, str]]
    own: Sequence[Tool]
    caller: Caller

    async def next(self, done: Sequence[Done]) -> Turn:
        text, calls = "", []
        stream = self.remote.chat(
            self.endpoint,
            self._said(done),
            sampling=self.sampling,
            schema=self.caller.json_schema,
            tools=[offered(tool) for tool in (*self.own, *self.caller.offered)],
            choice=self.caller.choice if self.caller.offered else "",
        )
        async for part in stream:
            if isinstance(part, ToolCall):
                calls.append(wanted(part))
            else:
                text += part
        return Turn(thought=text.strip(), calls=tuple(calls)) if calls else Turn(answer=text)

    async def answer(self, done: Sequence[Done], *, at_limit: bool) -> AsyncIterator[str]:
        # Told as plain words: a server may refuse results of calls where no tools are offered.
        found = [f"{each.call.tool}({json.dumps(each.call.arguments)}): {each.result}" for each in done]
        said = [*self.question, {"role": "user", "content": "\n\n".join([*found, AT_LIMIT])}]
        schema = self.caller.json_schema
        async for part in self.remote.chat(self.endpoint, said, sampling=self.sampling, schema=schema):
            if isinstance(part, str):
                yield part

    def _said(self, done: Sequence[Done]) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = list(self.question)
        for number, each in enumerate(done):
            id_ = each.call.id or f"call_{number}"
            function = {
                "name": each.call.tool,
                "arguments": json.dumps(each.call.arguments, ensure_ascii=False),
            }
            call = {"id": id_, "type": "function", "function": function}
            said.append({"role": "assistant", "content": each.thought or None, "tool_calls": [call]})
            said.append({"role": "tool", "tool_call_id": id_, "content": each.result})
        return said


def offered(tool: Tool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function}


def wanted(call: ToolCall) -> Call:
    """The call with its arguments read; what cannot be read is said to the model."""
    try:
        arguments = json.loads(call.arguments or "{}")
    except json.JSONDecodeError as error:
        return Call(call.name, {}, call.id, f"The arguments are not JSON: {error.msg}.")
    if not isinstance(arguments, dict):
        return Call(call.name, {}, call.id, "The arguments are no JSON object.")
    return Call(call.name, arguments, call.id)
