"""Runs that have ended, with the events that a worker would have stored."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from flowbuilder.accounts.models import Asker, Membership, Role
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run, RunEvent, Status

GRAPH = {
    "nodes": [
        {"id": "start", "type": "flow.start"},
        {"id": "prompt", "type": "text.prompt", "settings": {"template": "Q: {{ question }}"}},
        {"id": "model", "type": "language.local_model", "settings": {"model": "starter", "seed": 7}},
        {"id": "many", "type": "language.samples", "settings": {"model": "starter"}},
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w1", "source": "start", "target": "prompt", "target_port": "question"},
        {"id": "w2", "source": "prompt", "target": "model", "target_port": "prompt"},
        {"id": "w3", "source": "prompt", "target": "many", "target_port": "prompt"},
        {"id": "w4", "source": "model", "target": "reply", "target_port": "content"},
    ],
}


@pytest.fixture
def flow(workspace) -> Flow:
    return Flow.objects.create(workspace=workspace, name="Bot", slug="bot", graph=GRAPH)


@pytest.fixture
def make_run(flow) -> Callable[..., Run]:
    """``make_run("the answer")`` ended with that reply."""

    def make(answer: str = "It has an id.", question: str = "A parcel?", **fields: Any) -> Run:
        told = {"inputs": {"question": question}, "status": Status.FINISHED, "reply": answer, "graph": GRAPH}
        run = Run.objects.create(workspace=flow.workspace, flow=flow, **{**told, **fields})
        return finish(run, answer)

    return make


def finish(run: Run, answer: str) -> Run:
    """The events of a run that gave ``answer``."""
    prompt = f"Q: {run.inputs['question']}"
    happened = [
        ("node.finished", "start", {"outputs": {"out": run.inputs["question"]}}),
        ("node.finished", "prompt", {"outputs": {"out": prompt}}),
        ("node.started", "model", {"inputs": {"prompt": prompt}}),
        ("node.report", "model", {"kind": "model", "model": "starter@1"}),
        ("node.finished", "model", {"outputs": {"out": answer}}),
        ("node.started", "many", {"inputs": {"prompt": prompt}}),
        ("node.finished", "many", {"outputs": {"out": {"prompt": prompt, "answers": ["a", "b", "c"]}}}),
        ("node.finished", "reply", {"outputs": {"out": answer}}),
    ]
    for seq, (type_, node, data) in enumerate(happened, start=1):
        RunEvent.objects.create(run=run, seq=seq, type=type_, node=node, data=data, at=seq)
    Run.objects.filter(pk=run.pk).update(status=Status.FINISHED, reply=answer)
    run.refresh_from_db()
    return run


@pytest.fixture
def run(make_run) -> Run:
    return make_run()


@pytest.fixture
def viewer(teammate):
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    return teammate


@pytest.fixture
def as_teammate(teammate, workspace) -> Asker:
    return Asker(user=teammate, workspace=workspace, role=Role.EDITOR)


@pytest.fixture
def send(api_client) -> Callable[..., Any]:
    """``send(user, method, path, body)`` as JSON."""

    def ask(user: Any, method: str, path: str, body: Any = None) -> Any:
        client: Client = api_client(user)
        return getattr(client, method)(path, body, content_type="application/json")

    return ask
