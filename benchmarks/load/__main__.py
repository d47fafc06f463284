"""Start -> Reply and a model flow at 1, 16 and 64 callers: calls a second, p50, p95, CPU and memory.

Ours is started in a folder of its own and asked over the OpenAI-compatible API and over the Flowise-compatible one, which is
what a Flowise server is asked, too:

    .venv/bin/python -m benchmarks.load --callers 1 16 64 --seconds 10
    .venv/bin/python -m benchmarks.load --flowise http://127.0.0.1:3000 --flow CHATFLOW_ID --process PID

``--process`` is the server's process on this machine, whose CPU and memory (with its children) are told; without it
only times are. A Flowise server is started from npm with ``npx flowise@3.1.4 start``; draw Start -> Direct Reply with
the reply ``{{ question }}`` as an agentflow there, and give its id.
"""

import argparse
import asyncio
import json
from collections.abc import Callable
from typing import Any

from benchmarks.installed import installed
from benchmarks.load.calls import Target, measure
from benchmarks.load.flows import ECHO, MODEL, publish


def main() -> None:
    options = parse()
    table = flowise(options) if options.flowise else ours(options)
    print(json.dumps(table, indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--callers", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--flows", nargs="+", choices=["echo", "model"], default=["echo", "model"])
    parser.add_argument("--doors", nargs="+", choices=["openai", "flowise"], default=["openai", "flowise"])
    parser.add_argument("--flowise", help="address of a Flowise server, in place of ours")
    parser.add_argument("--flow", help="the id of its flow")
    parser.add_argument("--process", type=int, help="the id of its process on this machine")
    return parser.parse_args()


def flowise(options: argparse.Namespace) -> dict[str, Any]:
    url = f"{options.flowise.rstrip('/')}/api/v1/prediction/{options.flow}"
    target = Target(url, {}, {"question": "all is well"}, options.process)
    return {"flowise": rounds(lambda: target, options)}


def ours(options: argparse.Namespace) -> dict[str, Any]:
    graphs = {"echo": ECHO, "model": MODEL}
    table: dict[str, Any] = {}
    with installed() as installation:
        for name in options.flows:
            flow = publish(installation, name, graphs[name])
            for door in options.doors:
                table[f"{name}, {door}"] = rounds(lambda f=flow, d=door: aim(installation, f, d), options)
    return table


def aim(installation: Any, flow: dict[str, Any], door: str) -> Target:
    headers = {"Authorization": f"Bearer {installation.key}"}
    process = installation.process.pid
    if door == "flowise":
        url = f"{installation.url}/api/v1/prediction/{flow['id']}"
        return Target(url, headers, {"question": flow["question"]}, process)
    messages = [{"role": "user", "content": flow["question"]}]
    body = {"model": flow["slug"], "messages": messages}
    return Target(f"{installation.url}/v1/chat/completions", headers, body, process)


def rounds(target: Callable[[], Target], options: argparse.Namespace) -> dict[int, Any]:
    return {callers: asyncio.run(measure(target(), callers, options.seconds)) for callers in options.callers}


if __name__ == "__main__":
    main()
