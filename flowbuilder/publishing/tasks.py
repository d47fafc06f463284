from celery import shared_task

from flowbuilder.publishing.triggers import schedules


@shared_task
def sweep() -> None:
    schedules.start_what_is_due()
