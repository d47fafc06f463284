from celery import shared_task

from flowbuilder.datasets import augmenting, editing, statistics


@shared_task
def augment(augmentation_id: str) -> None:
    augmenting.augment(augmentation_id)


@shared_task
def count_version(version_id: str) -> None:
    statistics.count_version(version_id)


@shared_task
def sweep() -> None:
    editing.sweep()
    statistics.sweep()
    augmenting.sweep()
