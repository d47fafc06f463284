"""A flow with a prompt, models that answer as a test says, and no broker."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from flowbuilder.flows import services as flows
from flowbuilder.flows.models import Flow
from flowbuilder.prompting import ordering, searching
from flowbuilder.prompting.cases import Case

BAD = "Answer.\n\nQuestion: {{ question }}"
CASES = [Case(question=f"Where is parcel {n}?", expected=f"In bay {n}.") for n in range(10)]


def graph_of(template: str = BAD, **model: Any) -> dict[str, Any]:
    nodes = [
        {"id": "start", "type": "flow.start"},
        {"id": "prompt", "type": "text.prompt", "settings": {"template": template}},
        {"id": "model", "type": "language.local_model", "settings": model},
        {"id": "reply", "type": "flow.reply"},
    ]
    wires = [("start", "prompt", "question"), ("prompt", "model", "prompt"), ("model", "reply", "content")]
    return {
        "nodes": nodes,
        "wires": [
            {"id": f"w{n}", "source": s, "target": t, "target_port": p} for n, (s, t, p) in enumerate(wires)
        ],
        "notes": [],
    }


@pytest.fixture
def flow(asker) -> Flow:
    return flows.create_flow(asker=asker, name="Desk", graph=graph_of())


@pytest.fixture
def says(monkeypatch) -> Callable[..., list[str]]:
    """``says(answer)``: what every model answers to a prompt; the prompts that it was asked come back."""

    def make(answer: Callable[[str], str]) -> list[str]:
        asked: list[str] = []

        async def generate(self, model, prompt, **options):
            text = prompt if isinstance(prompt, str) else prompt[-1]["content"]
            asked.append(text)
            yield answer(text)

        monkeypatch.setattr("flowbuilder.modelhub.services.NodeModels.generate", generate)
        return asked

    return make


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> list[Any]:
    """No broker: searches wait here for the test to do them."""
    orders: list[Any] = []
    for module in (ordering, searching):
        monkeypatch.setattr(module, "wake_worker", orders.append)
    return orders


@pytest.fixture
def send(api_client) -> Callable[..., Any]:
    """``send(user, method, path, body)`` as JSON."""

    def make(user: Any, method: str, path: str, body: Any = None) -> Any:
        options = {"content_type": "application/json", "data": json.dumps(body)} if body is not None else {}
        return getattr(api_client(user), method)(path, **options)

    return make
