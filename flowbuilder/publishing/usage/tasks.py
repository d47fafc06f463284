from celery import shared_task

from flowbuilder.publishing.logs import retention
from flowbuilder.publishing.usage import recording


@shared_task
def sweep() -> None:
    recording.settle_what_was_missed()


@shared_task
def sweep_old_runs() -> None:
    retention.delete_old_runs()
