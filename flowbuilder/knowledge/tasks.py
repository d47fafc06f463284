from celery import shared_task

from flowbuilder.knowledge import indexing, services


@shared_task
def index_document(document_id: str) -> None:
    indexing.index_document(document_id)


@shared_task(acks_late=False)
def search_passages(request_id: str, base_id: str, question: str, limit: int) -> None:
    indexing.answer_question(request_id, base_id, question, limit)


@shared_task
def sweep() -> None:
    services.sweep()
