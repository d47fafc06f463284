"""Flowise's templates, and flows that are run without a server."""

import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.run import run
from nodes.base import Context
from nodes.types import Found, Passage, Passages
from tests.importing.packages import fetched


@pytest.fixture(scope="session")
def templates() -> Path:
    """The folder of the 64 templates of Flowise 3.1.4."""
    return fetched("flowise", "3.1.4", only="marketplaces")


@pytest.fixture(autouse=True)
def nothing_is_contacted(request, monkeypatch):
    """An import opens no connection, ever."""
    if "templates" in request.fixturenames:
        request.getfixturevalue("templates")

    def refused(*args: Any, **options: Any) -> None:
        raise AssertionError(f"a connection was tried: {args[1:]}")

    def only_inside(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1"}:
            refused(self, address)
        return connect(self, address)

    def only_itself(host: Any, *args: Any, **options: Any) -> Any:
        return resolve(host, *args, **options) if host == "127.0.0.1" else refused(host, *args)

    connect, resolve = socket.socket.connect, socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", only_inside)
    monkeypatch.setattr(socket, "getaddrinfo", only_itself)


@dataclass
class FakeRemote:
    """Answers each question by a rule, and remembers what it was told."""

    says: Any = staticmethod(lambda messages: "answer")
    asked: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    async def chat(self, endpoint, messages, **options) -> AsyncIterator[str]:
        self.asked.append((endpoint.model, [dict(message) for message in messages]))
        said = self.says(messages)
        yield json.dumps(said) if isinstance(said, dict) else said


class FakeKnowledge:
    async def search(self, bases, question, looking):
        passage = Passage(text=f"found for {question}", source="handbook", score=1.0)
        return Found(passages=Passages(items=(passage,)))


class FakeVariables:
    def __init__(self) -> None:
        self.held: dict[tuple[str, str], Any] = {}

    async def read(self, scope, name):
        return self.held.get((scope, name))

    async def change(self, scope, name, change):
        self.held[scope, name] = change(self.held.get((scope, name)))
        return self.held[scope, name]


async def played(graph: Graph, question: str, remote: FakeRemote, **inputs: Any) -> dict[str, Any]:
    """``reply``, ``error`` and the types of what happened, by node."""
    variables = FakeVariables()

    def context(node, report):
        return Context(
            models=None,
            knowledge=FakeKnowledge(),
            training=None,
            remote=remote,
            variables=variables,
            inputs={"question": question, **inputs},
            report=report,
        )

    given = {"question": question, **inputs}
    events = [event async for event in run(graph, given, catalogue=Catalogue.load(), context_for=context)]
    failed = [event.data.get("error") for event in events if event.type == "node.failed"]
    return {
        "reply": events[-1].data.get("reply"),
        "failed": failed,
        "finished": [event.node for event in events if event.type == "node.finished"],
        "variables": variables.held,
    }
