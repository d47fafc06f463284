"""Graphs in few words, and a run collected into a list."""

import asyncio
from collections.abc import Callable

import pytest

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.run import run
from nodes.base import Context


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load(["nodes", "tests.sample_nodes"])


@pytest.fixture
def make_graph() -> Callable[..., Graph]:
    """``make_graph({"a": ("flow.start", {})}, ["a.out>b.content"])``; a third part of a node holds more of its fields."""

    def make(nodes: dict[str, tuple], wires: list[str]) -> Graph:
        ends = [wire.replace(">", ".").split(".") for wire in wires]
        return Graph.model_validate(
            {
                "nodes": [
                    {"id": key, "type": kind, "settings": settings, **(more[0] if more else {})}
                    for key, (kind, settings, *more) in nodes.items()
                ],
                "wires": [
                    {"id": f"w{i}", "source": a, "source_port": b, "target": c, "target_port": d}
                    for i, (a, b, c, d) in enumerate(ends)
                ],
            }
        )

    return make


@pytest.fixture
def collect(catalogue):
    """Run a graph to its end and return its events."""

    async def collect(graph, inputs=None, seen=lambda event: None, **options):
        def context_for(node_id, report):
            return Context(models=None, knowledge=None, training=None, report=report)

        stream = run(
            graph, inputs or {"question": "hi"}, catalogue=catalogue, context_for=context_for, **options
        )
        async with asyncio.timeout(20):
            return [seen(event) or event async for event in stream]

    return collect
