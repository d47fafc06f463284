"""One attempt of one node: calls ``run`` under its timeout and reads what comes out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.ports import OFFERED, SINGLE, Outputs, outputs_of, takes_context
from nodes.base import Context, Node, NodeError

Reporter = Callable[[str, dict[str, Any]], None]
Put = Callable[[str, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Outcome:
    values: dict[str, Any]
    """Output port -> value; None is untaken."""
    seconds: float
    usage: dict[str, int] = field(default_factory=dict)


async def perform(
    node: Node, given: Mapping[str, Any], context: Callable[[Reporter], Context], put: Put
) -> Outcome:
    """Run the node once. Raises what ``run`` raises, and ``TimeoutError`` after ``node.timeout`` seconds."""
    usage: dict[str, int] = {}
    reports: list[asyncio.Task[None]] = []

    def report(kind: str, data: dict[str, Any]) -> None:
        if kind == "usage":
            for name, count in data.items():
                usage[name] = usage.get(name, 0) + int(count)
        reports.append(asyncio.ensure_future(put("node.report", {"kind": kind, **data})))

    kind = type(node)
    arguments = dict(given)
    if name := takes_context(kind):
        arguments[name] = context(report)
    outputs = outputs_of(node)
    started = time.perf_counter()
    try:
        async with asyncio.timeout(node.timeout):
            answer = node.run(**arguments)  # type: ignore[attr-defined]
            value = await _stream(answer, put) if outputs.streams else await answer
    except Exception:
        # What it cost before it failed is told before the failure.
        await asyncio.gather(*reports)
        raise
    seconds = time.perf_counter() - started
    await asyncio.gather(*reports)
    return Outcome(_by_port(value, outputs, kind.__name__), seconds, usage)


async def _stream(pieces: Any, put: Put) -> str:
    whole: list[str] = []
    async for piece in pieces:
        if piece:
            whole.append(piece)
            await put("node.token", {"text": piece})
    return "".join(whole)


def _by_port(value: Any, outputs: Outputs, name: str) -> dict[str, Any]:
    if outputs.bundle is None:
        return {SINGLE: value}
    names = [port.name for port in outputs.ports if port is not OFFERED]
    if outputs.bundle is dict and isinstance(value, Mapping):
        return {name: value.get(name) for name in names}
    if not isinstance(value, outputs.bundle):
        raise NodeError(f"{name} should return {outputs.bundle.__name__}, not {type(value).__name__}.")
    return {name: getattr(value, name) for name in names}
