from celery import shared_task

from flowbuilder.abtests import services


@shared_task
def sweep() -> None:
    services.sweep()
