from celery import shared_task

from flowbuilder.training import services, work


@shared_task
def run_job(job_id: str) -> None:
    work.run_waiting()


@shared_task
def sweep() -> None:
    services.sweep()
