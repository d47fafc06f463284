"""What a call of the smallest published flow (Start -> Reply) costs over HTTP: calls a second, CPU ms each.

A whole installation answers POST /v1/chat/completions; every call is a stored run that a flow worker runs.

    .venv/bin/python -m benchmarks.start_reply --concurrency 1 16 --seconds 10
"""

import argparse
import asyncio
import json
import time
from statistics import quantiles
from typing import Any

import httpx

from benchmarks.installed import cpu_seconds, installed
from tests.installation import Installation

PARTS = {"web": "uvicorn", "flow workers": "-Q flow", "redis": "valkey"}
GRAPH = {
    "nodes": [{"id": "start", "type": "flow.start"}, {"id": "reply", "type": "flow.reply"}],
    "wires": [{"id": "w", "source": "start", "target": "reply", "target_port": "content"}],
}


def main() -> None:
    options = parse()
    with installed() as installation:
        model = publish(installation)
        table = {
            callers: asyncio.run(measure(installation, model, callers, options.seconds))
            for callers in options.concurrency
        }
    print(json.dumps(table, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--seconds", type=float, default=10)
    return parser.parse_args()


def publish(installation: Installation) -> str:
    with installation.client() as client:
        flow = client.post("/api/flows", json={"name": "Echo"}).raise_for_status().json()
        body = {"graph": GRAPH, "revision": flow["revision"]}
        client.put(f"/api/flows/{flow['id']}", json=body).raise_for_status()
        version = client.post(f"/api/flows/{flow['id']}/versions", json={"note": "first"}).json()
        client.put(
            f"/api/flows/{flow['id']}/publication", json={"version": version["number"]}
        ).raise_for_status()
        return str(client.get("/v1/models").json()["data"][0]["id"])


async def measure(installation: Installation, model: str, callers: int, seconds: float) -> dict[str, Any]:
    limits = httpx.Limits(max_connections=callers)
    headers = {"Authorization": f"Bearer {installation.key}"}
    async with httpx.AsyncClient(
        base_url=installation.url, headers=headers, limits=limits, timeout=60
    ) as client:
        await call_until(client, model, time.monotonic() + 2)
        before = {part: cpu_seconds(installation, found) for part, found in PARTS.items()}
        everything, started = cpu_seconds(installation), time.monotonic()
        answers = await asyncio.gather(
            *(call_until(client, model, started + seconds) for _ in range(callers))
        )
        taken, used = time.monotonic() - started, cpu_seconds(installation) - everything
    waits = [wait for caller in answers for wait in caller]
    cuts = quantiles(waits, n=100)
    return {
        "calls_a_second": round(len(waits) / taken, 1),
        "ms_p50": round(cuts[49] * 1000, 1),
        "ms_p99": round(cuts[98] * 1000, 1),
        "cpu_ms_a_call": round(used / len(waits) * 1000, 1),
        "of_it": {
            part: round((cpu_seconds(installation, found) - before[part]) / len(waits) * 1000, 1)
            for part, found in PARTS.items()
        },
    }


async def call_until(client: httpx.AsyncClient, model: str, deadline: float) -> list[float]:
    waits: list[float] = []
    while not waits or time.monotonic() < deadline:
        started = time.perf_counter()
        body = {"model": model, "messages": [{"role": "user", "content": "all is well"}]}
        answer = (await client.post("/v1/chat/completions", json=body)).raise_for_status().json()
        assert answer["choices"][0]["message"]["content"] == "all is well", answer
        waits.append(time.perf_counter() - started)
    return waits


if __name__ == "__main__":
    main()
