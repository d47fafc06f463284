import uuid
from typing import Any

from celery import shared_task

from flowbuilder.knowledge import services
from flowbuilder.knowledge.index import upkeep
from flowbuilder.knowledge.ingestion import work
from flowbuilder.knowledge.retrieval import asking, embedded_texts, lsa, rerank, vectors
from flowbuilder.knowledge.turns import turns


@shared_task
def ingest() -> None:
    work.wake()


@shared_task(acks_late=False)
def search_passages(request_id: str, base_ids: list[str], question: str, settings: dict[str, Any]) -> None:
    with turns.question():
        asking.answer(request_id, base_ids, question, settings)


@shared_task(acks_late=False)
def embed_texts(request_id: str, texts: list[str]) -> None:
    with turns.question():
        vectors.answer(request_id, texts)


@shared_task(acks_late=False)
def embed_for_caller(request_id: str, texts: list[str], embedder: str) -> None:
    with turns.question():
        embedded_texts.answer(request_id, texts, embedder)


@shared_task
def fetch_reranker(name: str) -> None:
    rerank.fetch(name)


@shared_task
def fit_space(base_id: str) -> None:
    lsa.fit_one(uuid.UUID(base_id))


@shared_task
def sweep_indexes() -> None:
    upkeep.sweep()


@shared_task
def sweep_spaces() -> None:
    lsa.sweep()


@shared_task
def sweep() -> None:
    services.sweep()
