"""Fakes of what a node may ask for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from nodes.base import Context, NodeError, Operation, PromptTooLong
from nodes.knowledge.looking import Looking
from nodes.services.conversation import Turn
from nodes.types import Found


@dataclass
class FakeModels:
    """Answers with the texts it was given, in turn, in pieces of three characters; remembers the calls."""

    answers: list[str] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    rewards: dict[str, float] = field(default_factory=dict)
    chances: dict[str, float] = field(default_factory=dict)
    reads: int = 10**9
    """Characters that a prompt may have."""

    async def generate(self, model, prompt, *, system="", sampling=None, schema=None):
        self.calls.append(
            {"model": model, "prompt": prompt, "system": system, "sampling": sampling, "schema": schema}
        )
        if len(prompt) > self.reads:
            raise PromptTooLong(f"The prompt has {len(prompt)} tokens; this model reads {self.reads}.")
        answer = self.answers[(len(self.calls) - 1) % len(self.answers)]
        for start in range(0, len(answer), 3):
            yield answer[start : start + 3]

    async def reward(self, model, prompt, answers):
        return [self.rewards.get(answer, 0.0) for answer in answers]

    async def classify(self, model, text):
        self.calls.append({"model": model, "text": text})
        return self.chances


@dataclass
class FakeKnowledge:
    found: Found = Found()
    asked: list[tuple[list[str], str, Looking]] = field(default_factory=list)

    async def search(self, bases, question, looking):
        self.asked.append((list(bases), question, looking))
        return self.found


@dataclass
class FakeApis:
    known: Operation
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def operation(self, ref, question=""):
        self.asked.append((ref, question))
        if ref and ref != self.known.ref:
            raise NodeError(f"There is no operation '{ref}'.")
        return self.known


@dataclass
class FakeRemote:
    """Says, turn by turn, what it was given: pieces of text and calls of tools."""

    turns: list[list[Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)

    async def chat(self, endpoint, messages, *, sampling, schema=None, tools=(), choice=""):
        asked = {"endpoint": endpoint, "messages": [dict(message) for message in messages]}
        self.calls.append(
            {**asked, "sampling": sampling, "schema": schema, "tools": list(tools), "choice": choice}
        )
        for part in self.turns[min(len(self.calls), len(self.turns)) - 1]:
            yield part


@pytest.fixture
def models() -> FakeModels:
    return FakeModels()


@pytest.fixture
def knowledge() -> FakeKnowledge:
    return FakeKnowledge()


@pytest.fixture
def make_context(models, knowledge) -> Callable[..., Context]:
    def make(**fields: Any) -> Context:
        return Context(models=models, knowledge=knowledge, training=None, **fields)

    return make


@dataclass
class FakeVariables:
    held: dict[tuple[str, str], Any] = field(default_factory=dict)

    async def read(self, scope, name):
        return self.held.get((scope, name))

    async def change(self, scope, name, change):
        now = change(self.held.get((scope, name)))
        self.held[scope, name] = now
        return now


@dataclass
class FakeConversation:
    said: list[Turn] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    async def turns(self, most):
        return self.said[-most:]

    async def recall(self, name):
        return self.kept.get(name)

    async def keep(self, name, value):
        self.kept[name] = value


class FakeEmbedding:
    """A vector says which of these words a text has."""

    words = ("parcel", "broken", "late", "invoice", "price", "hello")

    async def vectors(self, texts):
        return [self.vector(text.lower()) for text in texts]

    def vector(self, text):
        found = [float(word in text) for word in self.words]
        length = sum(found) ** 0.5 or 1.0
        return [part / length for part in found]
