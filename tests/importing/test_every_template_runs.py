"""Each of the 64 templates runs from its start to its reply, once it is given what the table in ``docs`` says."""

import re
import uuid
from pathlib import Path

import pytest

from flowbuilder.engine.run import run
from flowbuilder.flows.nodes import catalogue
from flowbuilder.importing.table import drawn_in
from flowbuilder.modelhub.remote import NodeRemoteModels
from nodes.base import Context
from tests.importing.conftest import FakeKnowledge, FakeVariables
from tests.importing.given import SERVICES, answered, with_what_it_needs
from tests.modelhub.openai_server import served

pytestmark = [pytest.mark.integration, pytest.mark.slow]
PAGE = Path(__file__).parents[2] / "docs" / "flowise-import.md"
ROW = re.compile(
    r"^\| ([^|*]+) \| (agentflowsv2|agentflows|chatflows|tools) \|.*\| ([^|]+) \|$", re.MULTILINE
)
ROWS = [(kind, name, runs) for name, kind, runs in ROW.findall(PAGE.read_text())]
MOST_STOPS = 5


@pytest.fixture(scope="module")
def flows(templates):
    return {(kind, path.stem): drawn.graph for kind, path, drawn in drawn_in(templates)}


@pytest.fixture(scope="module")
def model():
    with served() as server:
        yield server


class Conversation:
    async def turns(self, most):
        return []

    async def recall(self, name):
        return None

    async def keep(self, name, value):
        return None


async def played(graph, inputs):
    """How it ended, with what failed: people who are asked agree."""
    variables = FakeVariables()
    services = {name: kind() for name, kind in SERVICES.items()}

    def context(node, report):
        remote = NodeRemoteModels(uuid.uuid4(), report)
        answer = answers.get(node)
        return Context(
            models=None, training=None, knowledge=FakeKnowledge(), remote=remote, variables=variables,
            conversation=Conversation(), inputs=inputs, report=report, node_id=node, answer=answer, **services,
        )  # fmt: skip

    finished, answers, failed = {}, {}, []
    for _ in range(MOST_STOPS):
        options = {"catalogue": catalogue(), "context_for": context, "finished": finished, "answers": answers}
        async for event in run(graph, inputs, **options):
            if event.type in {"node.finished", "node.skipped"}:
                finished[event.node] = event.data.get("outputs", {})
            elif event.type == "node.failed":
                failed.append((event.node, event.data.get("error")))
            elif event.type == "node.waiting":
                answers[event.node] = {"outcome": "approved", "by": "Ada", "at": "now", "values": {}}
        if event.type != "run.waiting":
            break
    return event, failed


def inputs_of(graph):
    """A question, or what a form asks for."""
    form = next((node for node in graph.nodes if node.type == "flow.form"), None)
    if form is None:
        return {"question": "Who sells socks in Graz?"}
    kinds = {"number": 3, "yes_no": True}
    return {
        field["name"]: kinds.get(field["kind"], next(iter(field.get("choices", [])), "ada@example.com"))
        for field in form.settings.get("fields", [])
    }


@pytest.mark.parametrize(("kind", "name", "runs"), ROWS, ids=[f"{kind}-{name}" for kind, name, _ in ROWS])
async def test_it_runs(kind, name, runs, flows, model, settings):
    assert not runs.startswith("stops"), (
        "the table says it stops at a placeholder: run it here as far as that"
    )
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [f"127.0.0.1:{model.port}"]
    model.asked.clear()
    model.answer = answered
    graph = with_what_it_needs(flows[kind, name], model.url)
    ended, failed = await played(graph, inputs_of(graph))
    assert (ended.type, failed) == ("run.finished", []), failed or ended
    assert ended.data["reply"].strip()


def test_the_table_has_all_of_them():
    assert len(ROWS) == 64
