from celery import shared_task

from flowbuilder.datasets import augmenting, statistics


@shared_task
def augment(augmentation_id: str) -> None:
    augmenting.augment(augmentation_id)


@shared_task
def count_version(version_id: str) -> None:
    statistics.count_version(version_id)


@shared_task
def sweep() -> None:
    statistics.sweep()
    augmenting.sweep()
