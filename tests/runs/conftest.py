"""Runs that are played here and now, without a worker, by the nodes of the tests."""

from collections.abc import Callable

import pytest

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue as nodes
from flowbuilder.runs import execution, services
from flowbuilder.runs.models import Run


@pytest.fixture
def sample_nodes(monkeypatch):
    """The catalogue with the tests' nodes in it, wherever it is asked for."""
    found = Catalogue.load(["nodes", "tests.sample_nodes"])
    nodes.cache_clear()
    monkeypatch.setattr("flowbuilder.engine.catalogue.Catalogue.load", lambda packages: found)
    yield found
    monkeypatch.undo()
    nodes.cache_clear()


@pytest.fixture
def make_flow(transactional_db, sample_nodes, asker):
    """``make_flow({"s": ("flow.start", {})}, ["s.out>r.content"])``: a flow with that draft."""

    def make(nodes: dict[str, tuple], wires: list[str], name: str = "Flow") -> Flow:
        return Flow.objects.create(
            workspace=asker.workspace, name=name, slug=name.lower(), graph=graph_of(nodes, wires)
        )

    return make


def graph_of(nodes: dict[str, tuple], wires: list[str]) -> dict:
    ends = [wire.replace(">", ".").split(".") for wire in wires]
    return {
        "nodes": [
            {"id": key, "type": kind, "settings": settings, **(more[0] if more else {})}
            for key, (kind, settings, *more) in nodes.items()
        ],
        "wires": [
            {"id": f"w{i}", "source": a, "source_port": b, "target": c, "target_port": d}
            for i, (a, b, c, d) in enumerate(ends)
        ],
    }


@pytest.fixture
def play(asker) -> Callable[..., Run]:
    """Submit a run of the draft and play it until it ends or parks; a run goes on from where it is."""

    def play(what: Flow | Run, **asked) -> Run:
        run = what
        if isinstance(what, Flow):
            inputs = asked.pop("inputs", {"question": "hi"})
            run = services.submit(asker=asker, flow=what, inputs=inputs, drawing=True, **asked)
        execution.execute(str(run.pk))
        run.refresh_from_db()
        return run

    return play
