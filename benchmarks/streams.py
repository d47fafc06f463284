"""Many simultaneous event streams through a real installation: what is lost, what comes twice, how late.

Writers are the run log itself, for real Run rows; readers are web sockets. From the project's root:

    .venv/bin/python -m benchmarks.streams --streams 100 --rate 40 --seconds 20
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import os
import random
import time
import uuid
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from statistics import quantiles
from typing import Any

import uvloop
import websockets

from benchmarks.installed import cpu_seconds, installed
from tests.installation import Installation


def main() -> None:
    options = parse()
    with installed() as installation:
        print(json.dumps(measure(installation, options), indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--rate", type=float, default=40, help="tokens a second in each stream")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--writers", type=int, default=2, help="processes that write, as flow workers are")
    parser.add_argument("--no-deflate", action="store_true", help="readers that do not ask for compression")
    return parser.parse_args()


def measure(installation: Installation, options: argparse.Namespace) -> dict[str, Any]:
    runs, cookie = prepare(installation, options)
    spawn = multiprocessing.get_context("spawn")
    ready, begin, heard = spawn.Event(), spawn.Event(), spawn.SimpleQueue()
    reader = spawn.Process(target=read, args=(installation.port, cookie, runs, options, ready, begin, heard))
    writers = [
        spawn.Process(target=write, args=(runs[number :: options.writers], options, begin))
        for number in range(options.writers)
    ]
    for process in [reader, *writers]:
        process.start()
    ready.wait(120)
    before, started = cpu_seconds(installation, "uvicorn"), time.monotonic()
    begin.set()
    arrivals = heard.get()
    used = (cpu_seconds(installation, "uvicorn") - before) / (time.monotonic() - started)
    for process in [reader, *writers]:
        process.join(60)
    return {**judge(arrivals, options), "web_cpu_cores": round(used, 2)}


def prepare(installation: Installation, options: argparse.Namespace) -> tuple[list[str], str]:
    """Rows of runs that no worker takes away, and the owner's session."""
    start_django(str(installation.home))
    from django.test import Client
    from django.utils import timezone

    from flowbuilder.accounts.models import User
    from flowbuilder.accounts.services import asker_from_user
    from flowbuilder.flows.models import Flow
    from flowbuilder.runs.models import Run, Status

    owner = User.objects.get(email=installation.email)
    asker = asker_from_user(owner)
    flow = Flow.objects.create(workspace=asker.workspace, name="Streams", graph={"nodes": [], "wires": []})
    held = {"status": Status.RUNNING, "fence": 1, "lease_until": timezone.now() + timedelta(hours=1)}
    runs = [
        Run.objects.create(workspace=asker.workspace, flow=flow, graph={}, **held)
        for _ in range(options.streams)
    ]
    client = Client()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return [str(run.pk) for run in runs], cookie


def start_django(home: str) -> None:
    import django

    os.environ["FLOWBUILDER_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "flowbuilder.settings"
    django.setup()


def keep_out_of_collections() -> None:
    """One process stands for many workers or browsers: its pauses of 60 ms would be theirs all at once."""
    gc.collect()
    gc.freeze()


def write(runs: list[str], options: argparse.Namespace, begin: Any) -> None:
    """Every token says its number and when it was made."""
    start_django(os.environ["FLOWBUILDER_HOME"])
    keep_out_of_collections()
    begin.wait()
    asyncio.run(write_all(runs, options))


async def write_all(runs: list[str], options: argparse.Namespace) -> None:
    logs = [await opened(run) for run in runs]
    await asyncio.gather(*(write_one(log, options) for log in logs))


async def opened(run: str) -> Any:
    """A log that has its connection: here one process writes what many workers do."""
    from flowbuilder.runs.log import EventLog

    log = await EventLog.open(uuid.UUID(run), 1)
    await log.append("run.started")
    await log.sent()
    return log


async def write_one(log: Any, options: argparse.Namespace) -> None:
    from flowbuilder.runs.execution import ENDINGS, MAX_EVENTS_UNSTORED, beside

    # Workers do not tick together, nor do these.
    await asyncio.sleep(random.uniform(0, 10 / options.rate))
    begun, count = time.monotonic(), int(options.seconds * options.rate)
    async with beside(log.join_tokens()):
        for number in range(count):
            await asyncio.sleep(max(0.0, begun + number / options.rate - time.monotonic()))
            await log.append("node.token", "model", {"text": f"{number}@{time.time():.6f} "})
            if len(log.unstored) >= MAX_EVENTS_UNSTORED:
                await log.commit()
    await log.append("run.finished", data={"reply": ""})
    await log.commit(**ENDINGS["run.finished"]({"reply": ""}))
    await log.close()


def read(
    port: int, cookie: str, runs: list[str], options: argparse.Namespace, ready: Any, begin: Any, heard: Any
) -> None:
    keep_out_of_collections()
    heard.put(uvloop.run(read_all(port, cookie, runs, options, ready)))


async def read_all(
    port: int, cookie: str, runs: list[str], options: argparse.Namespace, ready: Any
) -> list[list[tuple[float, dict[str, Any]]]]:
    connected = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(read_one(port, cookie, run, options.no_deflate, connected)) for run in runs]
    for _ in runs:
        await connected.acquire()
    ready.set()
    return await asyncio.gather(*tasks)


async def read_one(
    port: int, cookie: str, run: str, no_deflate: bool, connected: asyncio.Semaphore
) -> list[tuple[float, dict[str, Any]]]:
    """(when it arrived, event) of everything up to the run's end."""
    arrivals: list[tuple[float, dict[str, Any]]] = []
    async with websockets.connect(
        f"ws://127.0.0.1:{port}/ws/runs/{run}",
        additional_headers={"Cookie": cookie},
        origin=websockets.Origin(f"http://127.0.0.1:{port}"),
        compression=None if no_deflate else "deflate",
        open_timeout=60,
    ) as socket:
        await socket.send('{"after": 0}')
        connected.release()
        async for message in socket:
            arrivals.append((time.time(), json.loads(message)))
            if arrivals[-1][1]["type"] == "run.finished":
                break
    return arrivals


def judge(streams: list[list[tuple[float, dict[str, Any]]]], options: argparse.Namespace) -> dict[str, Any]:
    sent = int(options.seconds * options.rate)
    lost = twice = disordered = events = 0
    from_token: list[float] = []
    from_log: list[float] = []
    for arrivals in streams:
        tokens = [
            (at, *token.split("@"))
            for at, event in arrivals
            if event["type"] == "node.token"
            for token in event["data"]["text"].split()
        ]
        numbers = Counter(int(number) for _, number, _ in tokens)
        lost += sent - len(numbers)
        twice += sum(numbers.values()) - len(numbers)
        disordered += sum(b["seq"] != a["seq"] + 1 for (_, a), (_, b) in pairwise(arrivals))
        events += len(arrivals)
        from_token += [at - float(made) for at, _, made in tokens]
        from_log += [at - event["at"] for at, event in arrivals]
    return {
        "streams": len(streams),
        "tokens": sent * len(streams),
        "events": events,
        "lost": lost,
        "duplicated": twice,
        "gaps_in_numbers": disordered,
        "ms_log_to_reader": percentiles(from_log),
        "ms_token_to_reader": percentiles(from_token),
    }


def percentiles(seconds: list[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=100)
    return {"p50": round(cuts[49] * 1000, 1), "p99": round(cuts[98] * 1000, 1)}


if __name__ == "__main__":
    main()
