import uuid
from typing import Any

from celery import shared_task

from flowbuilder.knowledge import indexing, services
from flowbuilder.knowledge.retrieval import asking, lsa, rerank


@shared_task
def index_document(document_id: str) -> None:
    indexing.index_document(document_id)


@shared_task(acks_late=False)
def search_passages(request_id: str, base_ids: list[str], question: str, settings: dict[str, Any]) -> None:
    asking.answer(request_id, base_ids, question, settings)


@shared_task
def fetch_reranker(name: str) -> None:
    rerank.fetch(name)


@shared_task
def fit_space(base_id: str) -> None:
    lsa.fit_one(uuid.UUID(base_id))


@shared_task
def sweep_spaces() -> None:
    lsa.sweep()


@shared_task
def sweep() -> None:
    services.sweep()
