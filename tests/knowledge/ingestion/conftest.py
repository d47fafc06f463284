"""A base, and an embedder that is quick, the same every time, and counts what it was given."""

import hashlib

import numpy as np
import pytest

from flowbuilder.knowledge import embedding, services
from flowbuilder.knowledge.ingestion import work


@pytest.fixture
def base(asker):
    return services.create_base(asker=asker, name="Protocol")


@pytest.fixture
def embedded(monkeypatch):
    """Every text that was embedded, in order. ``embedded.before`` is called with each batch."""

    class Embedded(list):
        before = staticmethod(lambda texts: None)

    seen = Embedded()

    def embed(texts, embedder=""):
        seen.before(texts)
        seen.extend(texts)
        return np.stack([_vector(text) for text in texts])

    monkeypatch.setattr(embedding, "embed", embed)
    return seen


def _vector(text):
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    found = np.random.default_rng(seed).normal(size=384)
    return (found / np.linalg.norm(found)).astype(np.float16)


@pytest.fixture
def add(base, embedded):
    """``add(text)`` is a document of that text, through both stages."""

    def make(text, name="protocol.md"):
        document = services.add_document(base=base, name=name, data=text.encode())
        work.ingest(str(document.pk))
        document.refresh_from_db()
        return document

    return make
