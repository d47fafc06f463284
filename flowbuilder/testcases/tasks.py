from celery import shared_task

from flowbuilder.testcases import running


@shared_task
def run_tests(run_id: str) -> None:
    running.run_tests(run_id)


@shared_task
def sweep() -> None:
    running.sweep()
