"""Callers that each ask again as soon as they were answered, and what that took of a server's machine."""

import asyncio
import time
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

import httpx
import psutil

WARM_SECONDS = 2


@dataclass(frozen=True)
class Target:
    url: str
    headers: dict[str, str]
    body: dict[str, Any]
    process: int
    """The server's, with whose children CPU and memory are counted."""


async def measure(target: Target, callers: int, seconds: float) -> dict[str, float]:
    limits = httpx.Limits(max_connections=max(4, callers))
    async with httpx.AsyncClient(headers=target.headers, limits=limits, timeout=120) as client:
        # By several at once: each worker of a server loads what it needs with its first call.
        warm = time.monotonic() + WARM_SECONDS
        await asyncio.gather(*(call_until(client, target, warm) for _ in range(max(4, callers))))
        grown, before, started = memory(target.process), cpu_seconds(target.process), time.monotonic()
        answers = await asyncio.gather(
            *(call_until(client, target, started + seconds) for _ in range(callers))
        )
        taken, used = time.monotonic() - started, cpu_seconds(target.process) - before
    waits = [wait for caller in answers for wait in caller]
    cuts = quantiles(waits, n=100) if len(waits) > 1 else waits * 99
    return {
        "calls": len(waits),
        "calls_a_second": round(len(waits) / taken, 1),
        "ms_p50": round(cuts[49] * 1000, 1),
        "ms_p95": round(cuts[94] * 1000, 1),
        "cpu_ms_a_call": round(used / len(waits) * 1000, 1),
        "mb_a_thousand_calls": round((memory(target.process) - grown) / len(waits) / 1e3, 1),
    }


async def call_until(client: httpx.AsyncClient, target: Target, deadline: float) -> list[float]:
    waits: list[float] = []
    while not waits or time.monotonic() < deadline:
        started = time.perf_counter()
        answer = (await client.post(target.url, json=target.body)).raise_for_status().json()
        assert answer.get("text") or answer["choices"][0]["message"]["content"], answer
        waits.append(time.perf_counter() - started)
    return waits


def family(process: int) -> list[psutil.Process]:
    first = psutil.Process(process)
    return [first, *first.children(recursive=True)]


def cpu_seconds(process: int) -> float:
    total = 0.0
    for member in family(process):
        try:
            total += sum(member.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


def memory(process: int) -> int:
    """What the processes have for themselves: pages that they share are counted once, with nobody."""
    total = 0
    for member in family(process):
        try:
            total += member.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total
