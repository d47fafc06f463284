from celery import shared_task

from flowbuilder.runs import execution, sweeping


@shared_task
def execute(run_id: str) -> None:
    execution.execute(run_id)


@shared_task
def sweep() -> None:
    sweeping.sweep()
    sweeping.answer_what_is_due()
