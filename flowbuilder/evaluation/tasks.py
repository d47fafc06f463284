from celery import shared_task

from flowbuilder.evaluation import services


@shared_task
def sweep() -> None:
    services.sweep()
