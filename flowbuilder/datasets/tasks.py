from celery import shared_task

from flowbuilder.datasets import statistics


@shared_task
def count_version(version_id: str) -> None:
    statistics.count_version(version_id)


@shared_task
def sweep() -> None:
    statistics.sweep()
