"""Vectors for nodes: asked of a worker, here one that answers in this process."""

import threading

import pytest

from flowbuilder.knowledge.retrieval import vectors
from nodes.base import NodeError, Retryable

pytestmark = pytest.mark.django_db


async def test_like_texts_have_like_vectors(monkeypatch):
    def send(task, arguments, **how):
        assert task == vectors.EMBED and how["queue"] == "gpu"
        threading.Thread(target=vectors.answer, args=arguments).start()

    monkeypatch.setattr(vectors.app, "send_task", send)
    van, lorry, poem = await vectors.NodeEmbedding().vectors(["a delivery van", "a lorry", "a sonnet"])
    assert dot(van, van) == pytest.approx(1, abs=0.01)
    assert dot(van, lorry) > dot(van, poem) + 0.1


async def test_without_a_worker_it_may_be_tried_again(monkeypatch):
    monkeypatch.setattr(vectors, "PATIENCE", 0.05)
    monkeypatch.setattr(vectors.app, "send_task", lambda *args, **how: None)
    with pytest.raises(Retryable, match="No model worker"):
        await vectors.NodeEmbedding().vectors(["a"])


async def test_too_many_texts_are_refused():
    with pytest.raises(NodeError, match="512"):
        await vectors.NodeEmbedding().vectors(["a"] * 513)


def dot(left, right):
    return sum(a * b for a, b in zip(left, right, strict=True))
