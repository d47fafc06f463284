from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from nodes.base import Context, Node, Sampling
from nodes.language.acting import Acting, Call, Done, Turn, described
from nodes.language.asked import asked
from nodes.language.limited import AT_LIMIT, Limited
from nodes.language.repair import read
from nodes.services.caller import REQUIRED, Caller
from nodes.tools.tool import Tool
from nodes.types import Messages, ModelRef

ANSWER = "answer"
LONGEST_THOUGHT = 240
LONGEST_TEXT = 2000
"""Characters of each text among the arguments, where its schema sets no bound."""
HOW = (
    "You may call these tools, one at a time:\n{tools}\n\n"
    f"Before each step say as JSON what you think and which tool you call next; '{ANSWER}' when you know enough to answer."
)
CHOOSE = f"Which tool do you call next, or do you {ANSWER}?"
ARGUMENTS = "Write the arguments of '{tool}' as JSON of this schema: {schema}"
NOW = "Answer the question now, from what you know."


class Agent(Limited, Node):
    """Answers by calling the tools that are wired to it, step by step; its calls are constrained to be valid."""

    title = "Agent"
    icon = "bot"
    tags = ("tools", "function calling", "react", "reasoning", "assistant", "llm")
    attempts = 2
    timeout = 1800
    takes_caller = True

    model: ModelRef = "starter"
    """A model of this workspace. The one that came with Flowbuilder is too small to reason: choose a larger one."""

    async def run(self, ctx: Context, prompt: str | Messages, tools: list[Tool]) -> AsyncIterator[str]:
        mind = Constrained(ctx, self.model, self.sampling, asked(prompt, self.instructions), tools)
        async for piece in Acting(ctx, mind, tools, self.limits).run():
            yield piece


@dataclass(frozen=True)
class Constrained:
    """A local model: what it chooses and with which arguments is decoded under a JSON Schema, so it cannot be malformed.

    Choice and arguments are two questions, since the second schema is the chosen tool's own.
    """

    ctx: Context
    model: str
    sampling: Sampling
    question: list[dict[str, str]]
    own: Sequence[Tool]

    @property
    def caller(self) -> Caller:
        return self.ctx.caller or Caller()

    @property
    def tools(self) -> list[Tool]:
        return [*self.own, *self.caller.offered]

    async def next(self, done: Sequence[Done]) -> Turn:
        if not self.tools and self.ctx.caller:
            return Turn()
        choice: dict[str, Any] = {"tool": self.caller.choice}
        if not self.caller.has(self.caller.choice):
            choice = await self._json([*self._said(done), _user(CHOOSE)], self._choices())
        thought, name = str(choice.get("thought", "")), str(choice.get("tool", ANSWER))
        tool = next((tool for tool in self.tools if tool.name == name), None)
        if tool is None:
            return Turn(thought=thought)
        told = ARGUMENTS.format(tool=name, schema=json.dumps(tool.parameters, ensure_ascii=False))
        said = [*self._said(done), _assistant({"thought": thought, "tool": name}), _user(told)]
        text = await self._text(said, roomy(tool.parameters))
        arguments, cut_off = read(text)
        problem = (
            f"The arguments were cut off after {self.sampling.max_new_tokens} tokens." if cut_off else ""
        )
        return Turn(thought=thought, calls=(Call(name, arguments, problem=problem),))

    async def answer(self, done: Sequence[Done], *, at_limit: bool) -> AsyncIterator[str]:
        said = [*self._said(done), _user(AT_LIMIT if at_limit else NOW)]
        stream = self.ctx.models.generate(
            self.model, said, sampling=self.sampling, schema=self.caller.json_schema
        )
        async for piece in stream:
            yield piece

    def _choices(self) -> dict[str, Any]:
        names = [tool.name for tool in self.tools if tool.name != ANSWER]
        must = self.caller.choice == REQUIRED and self.caller.offered
        return {
            "type": "object",
            "properties": {
                "thought": {"type": "string", "maxLength": LONGEST_THOUGHT},
                "tool": {"enum": names if must else [*names, ANSWER]},
            },
            "required": ["thought", "tool"],
        }

    def _said(self, done: Sequence[Done]) -> list[dict[str, str]]:
        """The conversation up to here: what it did as its own words, what came of it as the other side's."""
        told = HOW.format(tools=described(self.tools)) if self.tools or not self.ctx.caller else ""
        said = asked(Messages.model_validate({"items": self.question}), told)
        for each in done:
            said.append(
                _assistant(
                    {"thought": each.thought, "tool": each.call.tool, "arguments": each.call.arguments}
                )
            )
            said.append(_user(f"{each.call.tool}: {each.result}"))
        return said

    async def _json(self, said: list[dict[str, str]], schema: dict[str, Any]) -> dict[str, Any]:
        found, _ = read(await self._text(said, schema))
        return found if isinstance(found, dict) else {}

    async def _text(self, said: list[dict[str, str]], schema: dict[str, Any]) -> str:
        stream = self.ctx.models.generate(self.model, said, sampling=self.sampling, schema=schema)
        return "".join([piece async for piece in stream])


def roomy(schema: dict[str, Any]) -> dict[str, Any]:
    """With room for texts of some length: a query or a letter is longer than the field of a record."""
    found = copy.deepcopy(schema)
    _widen(found)
    return found


def _widen(part: Any) -> None:
    if isinstance(part, dict):
        if part.get("type") == "string" and not part.keys() & {
            "maxLength",
            "enum",
            "const",
            "pattern",
            "format",
        }:
            part["maxLength"] = max(LONGEST_TEXT, part.get("minLength", 0))
        for value in part.values():
            _widen(value)
    elif isinstance(part, list):
        for item in part:
            _widen(item)


def _user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def _assistant(said: dict[str, Any]) -> dict[str, str]:
    return {"role": "assistant", "content": json.dumps(said, ensure_ascii=False)}
