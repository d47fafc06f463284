from celery import shared_task

from flowbuilder.runs import execution, services


@shared_task
def execute(run_id: str) -> None:
    execution.execute(run_id)


@shared_task
def sweep() -> None:
    services.sweep()
    services.answer_what_is_due()
