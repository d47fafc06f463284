"""The loop of an agent: think, call a tool, read what it says, and go on (ReAct: Yao et al. 2023, section 2).

A model is offered the tools that are wired in and no others. It is a ``Mind``: one that writes constrained JSON, or
one that calls tools by its own protocol. What a tool refuses is given back to it as text. At the limit of steps or
time it is asked to answer with what it has. A tool that only the run's caller can call ends the run: the caller starts
another one with what came of it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from nodes.base import Context, NodeError, PromptTooLong
from nodes.json_rules import errors_of
from nodes.language.shaped import shaped
from nodes.services.caller import Caller
from nodes.tools.tool import Tool

SHOWN = 2000
"""Characters of a result that the trace keeps."""
SHORT = 200
"""Characters that are left of each result where the model reads no more."""
LAST_SECONDS = 120.0
"""For the answer itself."""


@dataclass(frozen=True)
class Call:
    """What a model wants done."""

    tool: str
    arguments: dict[str, Any]
    id: str = ""
    problem: str = ""
    """Why the arguments cannot be read; then nothing is called."""


@dataclass(frozen=True)
class Turn:
    """What a model made of its step: calls, or none and perhaps an answer already."""

    thought: str = ""
    calls: tuple[Call, ...] = ()
    answer: str = ""


@dataclass
class Done:
    """A call with what came of it."""

    call: Call
    thought: str
    result: str = ""
    failed: bool = False


@dataclass(frozen=True, kw_only=True)
class Limits:
    steps: int
    seconds: float
    result: int
    """Characters of a tool's result that the model reads."""


FOR_CALLERS = Limits(steps=4, seconds=600, result=50_000)
"""Of a model without tools of its own: more than one step only where it calls the caller's tools wrongly."""


class Mind(Protocol):
    """A model that decides."""

    async def next(self, done: Sequence[Done]) -> Turn:
        """What to do after what was done."""
        ...

    def answer(self, done: Sequence[Done], *, at_limit: bool) -> AsyncIterator[str]:
        """The answer, as it is written."""
        ...


@dataclass
class Acting:
    """One run of an agent."""

    ctx: Context
    mind: Mind
    tools: Sequence[Tool]
    limits: Limits
    done: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = [tool.name for tool in (*self.tools, *self.caller.offered)]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise NodeError(f"Two tools are called '{twice}'. Name one otherwise in its setting 'tool_name'.")
        self.done += [
            Done(Call(past.name, past.arguments, past.id), past.thought, past.result)
            for past in self.caller.exchange
        ]

    @property
    def caller(self) -> Caller:
        return self.ctx.caller or Caller()

    async def run(self) -> AsyncIterator[str]:
        schema = self.caller.json_schema
        turn, limit = await self._until_it_answers()
        if theirs := self._theirs(turn):
            told = [{"id": call.id, "name": call.tool, "arguments": call.arguments} for call in theirs]
            self.ctx.report("calls", {"calls": told, "thought": turn.thought})
        elif schema is None:
            async for piece in self._told_answer(turn, limit):
                yield piece
        else:
            yield await shaped(self.ctx, self._told_answer(turn, limit), schema)

    async def _told_answer(self, turn: Turn, limit: str) -> AsyncIterator[str]:
        number = len(self.done) + 1
        if limit:
            self.ctx.report("step", {"number": number, "limit": limit})
        if turn.answer:
            self._told(number, turn.thought)
            yield turn.answer
            return
        if not limit:
            self._told(number, turn.thought)
        said = False
        async for piece in self._answer(at_limit=bool(limit)):
            said = said or bool(piece.strip())
            yield piece
        if not said:
            yield self._best()

    async def _until_it_answers(self) -> tuple[Turn, str]:
        """The turn that calls nothing, or the limit that was reached before."""
        try:
            async with asyncio.timeout(self.limits.seconds):
                for _ in range(self.limits.steps):
                    turn = await self._next()
                    theirs = self._theirs(turn)
                    for call in turn.calls:
                        if call not in theirs:
                            await self._call(call, turn.thought)
                    if theirs or not turn.calls:
                        return turn, ""
        except TimeoutError:
            return Turn(), f"{self.limits.seconds:g} seconds"
        return Turn(), f"{self.limits.steps} steps"

    async def _next(self) -> Turn:
        try:
            return await self.mind.next(self.done)
        except PromptTooLong:
            if not self._shorten():
                raise
            return await self.mind.next(self.done)

    async def _answer(self, *, at_limit: bool) -> AsyncIterator[str]:
        try:
            async for piece in in_time(self.mind.answer(self.done, at_limit=at_limit)):
                yield piece
        except PromptTooLong:
            if not self._shorten():
                raise
            async for piece in in_time(self.mind.answer(self.done, at_limit=at_limit)):
                yield piece

    def _theirs(self, turn: Turn) -> list[Call]:
        """Calls that are for the caller to make, where their arguments are as the caller's tool wants them."""
        mine = {tool.name for tool in self.tools}
        found = [call for call in turn.calls if self.caller.has(call.tool) and call.tool not in mine]
        sound = [call for call in found if not self._wrong(call)]
        return sound if self.caller.several else sound[:1]

    def _wrong(self, call: Call) -> str:
        tool = next(tool for tool in self.caller.offered if tool.name == call.tool)
        return call.problem or "; ".join(errors_of(call.arguments, tool.parameters)[:3])

    async def _call(self, call: Call, thought: str) -> None:
        """Does it and keeps what came of it, a failure too: the model may try otherwise."""
        tool = next((tool for tool in self.tools if tool.name == call.tool), None)
        started = time.monotonic()
        done = Done(call, thought)
        if tool is None and self.caller.has(call.tool):
            done.result, done.failed = self._wrong(call) or "One call at a time.", True
        elif tool is None:
            there = ", ".join(tool.name for tool in (*self.tools, *self.caller.offered))
            done.result, done.failed = f"There is no tool '{call.tool}'. There are: {there}.", True
        elif call.problem:
            done.result, done.failed = call.problem, True
        else:
            done.result, done.failed = await self._said(tool, call)
        self.done.append(done)
        told: dict[str, Any] = {"number": len(self.done), "thought": thought, "tool": call.tool}
        told |= {"arguments": call.arguments, "seconds": round(time.monotonic() - started, 3)}
        self.ctx.report("step", {**told, "error" if done.failed else "result": done.result[:SHOWN]})

    async def _said(self, tool: Tool, call: Call) -> tuple[str, bool]:
        if self.ctx.tools is None:
            raise NodeError("Tools can only be called while a flow runs.")
        try:
            said, failed = await self.ctx.tools.call(tool, call.arguments), False
        except NodeError as error:
            said, failed = f"Error: {error}", True
        return shortened(said, self.limits.result), failed

    def _shorten(self) -> bool:
        """Older results down to their beginnings; False where that leaves nothing to gain."""
        long = [done for done in self.done if len(done.result) > SHORT]
        for done in long:
            done.result = shortened(done.result, SHORT)
        return bool(long)

    def _told(self, number: int, thought: str) -> None:
        self.ctx.report("step", {"number": number, "thought": thought, "answers": True})

    def _best(self) -> str:
        """Where the model has nothing to say: what it found last."""
        worked = [done for done in self.done if not done.failed]
        return worked[-1].result if worked else "I found no answer."


async def in_time(answer: AsyncIterator[str]) -> AsyncIterator[str]:
    """The answer's pieces, until its time is over."""
    deadline = time.monotonic() + LAST_SECONDS
    while True:
        try:
            piece = await asyncio.wait_for(anext(answer), deadline - time.monotonic())
        except (StopAsyncIteration, TimeoutError):
            return
        yield piece


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} … ({len(text):,} characters)"


def described(tools: Sequence[Tool]) -> str:
    """The tools as a model reads them in a text."""
    lines = [
        f"- {tool.name}: {tool.description} Arguments: {json.dumps(tool.parameters, ensure_ascii=False)}"
        for tool in tools
    ]
    return "\n".join(lines)
