"""What an engine costs beside its nodes: a chain of ten and a fan-out of twenty nodes that do nothing much.

Ours in memory and as a worker runs it (row, lease, numbered events in Redis, fenced commits on SQLite),
beside LangGraph without and with its SQLite checkpointer, in turns. See README.md for LangGraph's setup.

    python -m benchmarks.engine_overhead --rounds 40
"""

import argparse
import asyncio
import json
import operator
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Annotated, Any, TypedDict
from uuid import UUID, uuid4

from benchmarks.in_process import own_home

Contender = Callable[[], Awaitable[None]]


def main() -> None:
    options = parse()
    with own_home() as home:
        print(json.dumps(asyncio.run(measure(home, options)), indent=2))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument(
        "--their-synchronous",
        default="NORMAL",
        choices=["NORMAL", "FULL"],
        help="SQLite's setting for LangGraph's file: NORMAL as ours is, FULL as it comes",
    )
    return parser.parse_args()


async def measure(home: Path, options: argparse.Namespace) -> dict[str, Any]:
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    async with AsyncSqliteSaver.from_conn_string(str(home / "langgraph.sqlite")) as saver:
        await saver.setup()
        await saver.conn.execute(f"PRAGMA synchronous={options.their_synchronous}")
        return {
            "chain of 10": await in_turns(await contenders(chain(), chain_of_theirs, saver), options.rounds),
            "fan-out of 20": await in_turns(await contenders(fan(), fan_of_theirs, saver), options.rounds),
        }


async def contenders(graph: dict[str, Any], theirs: Callable[[Any], Any], saver: Any) -> dict[str, Contender]:
    from flowbuilder.runs import execution

    plain, checkpointed = theirs(None), theirs(saver)
    return {
        "ours, in memory": ours_in_memory(graph),
        "LangGraph, no checkpoint": lambda: plain.ainvoke({"values": []}),
        "ours, durable": await ours_durable(graph, execution._execute),
        "ours, durable, a worker's whole task": await ours_durable(graph, whole_task),
        "LangGraph, SQLite checkpoint (default: stored beside)": checkpointing(checkpointed, "async"),
        "LangGraph, SQLite checkpoint (stored before the next step)": checkpointing(checkpointed, "sync"),
    }


def checkpointing(graph: Any, durability: str) -> Contender:
    async def once() -> None:
        config = {"configurable": {"thread_id": uuid4().hex}}
        await graph.ainvoke({"values": []}, config, durability=durability)

    return once


async def in_turns(contenders: dict[str, Contender], rounds: int) -> dict[str, Any]:
    """Median milliseconds of each; the order changes every round, so that a busy moment hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    busy: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 3):
        for name in random.sample(list(contenders), len(contenders)):
            started, used = time.perf_counter(), time.process_time()
            await contenders[name]()
            if number >= 3:
                taken[name].append((time.perf_counter() - started) * 1000)
                busy[name].append((time.process_time() - used) * 1000)
    await all_finished()
    durable = median(taken["ours, durable"])
    return {
        name: {
            "ms": round(median(times), 2),
            "cpu_ms": round(median(busy[name]), 2),
            "times_ours_durable": round(median(times) / durable, 2),
        }
        for name, times in taken.items()
    }


async def all_finished() -> None:
    from flowbuilder.runs.models import Run, Status

    assert not await Run.objects.exclude(status=Status.FINISHED).aexists()


def chain() -> dict[str, Any]:
    """Start, eight prompts, Reply."""
    prompt = {"type": "text.prompt", "settings": {"template": "{{ value }}"}}
    nodes = [{"type": "flow.start"}, *[prompt] * 8, {"type": "flow.reply"}]
    ports = [*["value"] * 8, "content"]
    return {
        "nodes": [{"id": f"n{at}", **node} for at, node in enumerate(nodes)],
        "wires": [wire(f"n{at}", f"n{at + 1}", port) for at, port in enumerate(ports)],
    }


def fan() -> dict[str, Any]:
    """Start, twenty prompts side by side, one that joins them."""
    names = [f"p{at}" for at in range(20)]
    prompts = [{"id": name, "type": "text.prompt", "settings": {"template": "{{ value }}"}} for name in names]
    join = {
        "id": "join",
        "type": "text.prompt",
        "settings": {"template": "".join(f"{{{{ {name} }}}}" for name in names)},
    }
    return {
        "nodes": [{"id": "start", "type": "flow.start"}, *prompts, join],
        "wires": [
            *(wire("start", name, "value") for name in names),
            *(wire(name, "join", name) for name in names),
        ],
    }


def wire(source: str, target: str, port: str) -> dict[str, str]:
    return {"id": f"{source}-{target}", "source": source, "target": target, "target_port": port}


def ours_in_memory(graph: dict[str, Any]) -> Contender:
    from flowbuilder.engine.graph import Graph
    from flowbuilder.engine.run import run
    from flowbuilder.flows.nodes import catalogue
    from nodes.base import Context

    parsed, known = Graph.model_validate(graph), catalogue()
    nothing: Any = Context(models=None, knowledge=None, training=None)

    async def once() -> None:
        last = None
        async for event in run(parsed, {"question": "x"}, catalogue=known, context_for=lambda *_: nothing):
            last = event
        assert last is not None and last.type == "run.finished", last

    return once


async def whole_task(run_id: UUID) -> None:
    """With an event loop and connections of its own, as Celery calls it."""
    from flowbuilder.runs.execution import execute

    await asyncio.to_thread(execute, str(run_id))


async def ours_durable(graph: dict[str, Any], execute: Callable[[UUID], Awaitable[None]]) -> Contender:
    from asgiref.sync import sync_to_async

    from flowbuilder.accounts.services import create_owner
    from flowbuilder.flows.models import Flow
    from flowbuilder.runs.models import Run

    asker = await sync_to_async(create_owner)(email="owner@example.test", password="correct horse battery")
    flow = await Flow.objects.acreate(
        workspace=asker.workspace, name="Overhead", slug=uuid4().hex, graph=graph
    )

    async def once() -> None:
        run = await Run.objects.acreate(
            workspace=asker.workspace, flow=flow, graph=graph, inputs={"question": "x"}
        )
        await execute(run.pk)

    return once


class State(TypedDict):
    values: Annotated[list[str], operator.add]


async def theirs(state: State) -> dict[str, list[str]]:
    return {"values": ["x"]}


def chain_of_theirs(saver: Any) -> Any:
    from langgraph.graph import END, START, StateGraph

    builder = StateGraph(State)
    names = [f"n{at}" for at in range(10)]
    for name in names:
        builder.add_node(name, theirs)
    for source, target in zip([START, *names], [*names, END], strict=True):
        builder.add_edge(source, target)
    return builder.compile(checkpointer=saver)


def fan_of_theirs(saver: Any) -> Any:
    from langgraph.graph import END, START, StateGraph

    builder = StateGraph(State)
    names = [f"p{at}" for at in range(20)]
    for name in ["start", *names, "join"]:
        builder.add_node(name, theirs)
    builder.add_edge(START, "start")
    for name in names:
        builder.add_edge("start", name)
    builder.add_edge(names, "join")
    builder.add_edge("join", END)
    return builder.compile(checkpointer=saver)


if __name__ == "__main__":
    main()
