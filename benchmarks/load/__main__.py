"""Start -> Reply and two model flows at 1, 16 and 64 callers: calls a second, p50, p95, CPU and memory a call.

Ours is started in a folder of its own and asked over the OpenAI-compatible and over the Flowise-compatible API, and, where one is
installed, a Flowise server over the latter, in turns within one run:

    .venv/bin/python -m benchmarks.load --flowise FOLDER --rounds 3

``echo`` is the smallest flow. ``remote`` asks a model over OpenAI's protocol, which here is a stand-in that answers at once,
for both. ``starter`` asks the model that we ship, which Flowise has none of.
"""

import argparse
import asyncio
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.installed import installed
from benchmarks.load import flowise
from benchmarks.load.calls import Target, measure, memory
from benchmarks.load.flows import QUESTIONS, publish
from benchmarks.load.stand_in import stand_in
from benchmarks.load.told import table
from tests.installation import Installation

Targets = dict[str, dict[str, Target]]
"""By flow and by who is asked."""


def main() -> None:
    options = parse()
    with ExitStack() as stack:
        host = stack.enter_context(stand_in())
        ours = stack.enter_context(installed({"FLOWBUILDER_OUTBOUND_HOSTS": host}))
        targets = {name: of_ours(ours, name, host, options.doors) for name in options.flows}
        idle = {"ours": memory(ours.process.pid)}
        if options.flowise:
            theirs = stack.enter_context(flowise.flowise(options.flowise))
            idle["flowise"] = memory(theirs.process)
            for name, steps in {"echo": flowise.echo(), "remote": flowise.model(host)}.items():
                if name in targets:
                    targets[name]["flowise"] = of_theirs(theirs, name, steps)
        found = in_turns(targets, options)
    load = ", ".join(f"{value:.0f}" for value in os.getloadavg())
    print(
        json.dumps({"load": load, "idle_mb": {n: round(b / 1e6) for n, b in idle.items()}, "rounds": found})
    )
    print(table(found))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--callers", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flows", nargs="+", choices=list(QUESTIONS), default=list(QUESTIONS))
    parser.add_argument("--doors", nargs="+", choices=["openai", "flowise"], default=["openai", "flowise"])
    parser.add_argument("--flowise", type=Path, help="folder in which npm's package flowise is installed")
    return parser.parse_args()


def of_ours(installation: Installation, name: str, host: str, doors: list[str]) -> dict[str, Target]:
    flow = publish(installation, name, host)
    headers = {"Authorization": f"Bearer {installation.key}"}
    messages = [{"role": "user", "content": flow["question"]}]
    ways = {
        "openai": ("/v1/chat/completions", {"model": flow["slug"], "messages": messages}),
        "flowise": (f"/api/v1/prediction/{flow['id']}", {"question": flow["question"]}),
    }
    process = installation.process.pid
    return {
        f"ours, {door} API": Target(f"{installation.url}{path}", headers, body, process)
        for door, (path, body) in ways.items()
        if door in doors
    }


def of_theirs(server: flowise.Flowise, name: str, steps: list[dict[str, Any]]) -> Target:
    url = f"{server.url}/api/v1/prediction/{server.publish(name, steps)}"
    return Target(url, {}, {"question": QUESTIONS[name]}, server.process)


def in_turns(targets: Targets, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Everybody is asked in each round, the other way round in every second one."""
    found = []
    for number in range(options.rounds):
        for flow, asked in targets.items():
            for callers in options.callers:
                for who, target in list(asked.items())[:: -1 if number % 2 else 1]:
                    seen = asyncio.run(measure(target, callers, options.seconds))
                    found.append({"flow": flow, "callers": callers, "who": who, **seen})
                    print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    main()
