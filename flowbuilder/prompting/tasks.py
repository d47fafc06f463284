from celery import shared_task

from flowbuilder.prompting import ordering, searching


@shared_task
def search(search_id: str) -> None:
    searching.search(search_id)


@shared_task
def sweep() -> None:
    ordering.sweep()
