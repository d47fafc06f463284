from celery import shared_task

from flowbuilder.publishing.callbacks import delivering


@shared_task
def sweep() -> None:
    delivering.sweep()
