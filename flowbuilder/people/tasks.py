from celery import shared_task

from flowbuilder.people import deletion


@shared_task
def erase() -> None:
    deletion.erase_all()
