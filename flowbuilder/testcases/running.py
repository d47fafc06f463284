"""A set is asked: ordered, run by a ``flow`` worker case by case, measured.

The row is the queue of record: a lease, a fence, bounded lives. Each case's result is written under the fence, so a worker
that is killed asks none twice. Answers are runs of their own; the worker lets go while they go on and looks again.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Role
from flowbuilder.celery import app
from flowbuilder.knowledge.retrieval.asking import ask
from flowbuilder.leases import end, hand_on, held, take, unheld
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import ENDED, Door
from flowbuilder.testcases.agreement import agreement
from flowbuilder.testcases.covering import covers
from flowbuilder.testcases.measures import means, measured
from flowbuilder.testcases.models import TestCase, TestResult, TestRun, TestRunStatus, TestSet
from nodes.knowledge.looking import Looking

log = logging.getLogger(__name__)
RUN = "flowbuilder.testcases.tasks.run_tests"
LEASE = timedelta(seconds=60)
SLICE = 60.0
"""Seconds after which a worker lets others work: flows run in the same queue."""
LOOK_AGAIN = timedelta(seconds=2)
MAX_LIVES = 5
RIGHT = 0.8
"""Agreement from which an answer counts as right."""


def order(
    *, asker: Asker, test_set: TestSet, looking: Looking, answers: bool = False, note: str = ""
) -> TestRun:
    cases = test_set.cases.count()
    if not cases:
        raise ApiError("invalid", f"'{test_set.name}' has no cases: add some before it is run.", 422)
    if answers and test_set.flow is None:
        raise ApiError(
            "invalid", f"'{test_set.name}' is of no flow, so nothing can answer: run it without answers.", 422
        )
    if test_set.base is None and not answers:
        raise ApiError("invalid", f"'{test_set.name}' is of no base: run it with 'answers'.", 422)
    made = TestRun.objects.create(
        workspace_id=test_set.workspace_id,
        set=test_set,
        note=note.strip()[:200],
        retrieval=looking.model_dump(mode="json"),
        answers=answers,
        planned=cases,
        by=asker.user,
    )
    transaction.on_commit(lambda: wake_worker(made.pk))
    return made


def wake_worker(run_id: uuid.UUID) -> None:
    try:
        app.send_task(RUN, [str(run_id)], queue="flow", retry=False, expires=60)
    except Exception as error:
        log.warning("test run %s is accepted, but no worker could be woken: %s", run_id, error)


def sweep() -> None:
    """Wake a worker for what none holds."""
    for test_run in unheld(TestRun.objects.all())[:20]:
        wake_worker(test_run.pk)


def run_tests(run_id: str) -> None:
    test_run = take_lease(uuid.UUID(run_id))
    if test_run is None:
        return
    began = time.monotonic()
    while case := next_case(test_run):
        if not still_held(test_run):
            return
        ask_case(test_run, case)
        if time.monotonic() - began > SLICE:
            return let_go(test_run, timedelta(0))
    judge_answers(test_run)
    waiting = test_run.results.exclude(run=None).exclude(run__status__in=ENDED).exists()
    return let_go(test_run, LOOK_AGAIN) if waiting else finish(test_run)


def take_lease(run_id: uuid.UUID) -> TestRun | None:
    test_run = take(TestRun.objects.select_related("set"), run_id, LEASE)
    if test_run is not None and test_run.lives > MAX_LIVES:
        end(test_run, TestRunStatus.FAILED, error=f"Its worker stopped {MAX_LIVES} times while running it.")
        return None
    return test_run


def still_held(test_run: TestRun) -> bool:
    """Renews the lease; False where it went to another worker, or somebody wants a stop."""
    if held(test_run).filter(cancel_requested=True).exists():
        end(test_run, TestRunStatus.CANCELLED, error="")
        return False
    return bool(held(test_run).update(lease_until=timezone.now() + LEASE))


def next_case(test_run: TestRun) -> TestCase | None:
    asked = test_run.results.exclude(case=None).values("case_id")
    return test_run.set.cases.exclude(pk__in=asked).prefetch_related("expected").first()


def ask_case(test_run: TestRun, case: TestCase) -> None:
    result = TestResult(test_run=test_run, case=case, question=case.question)
    started = time.perf_counter()
    if test_run.set.base is not None:
        looking = Looking.model_validate(test_run.retrieval)
        found = async_to_sync(ask)([test_run.set.base], case.question, looking)
        compare(result, case, found["hits"])
    result.seconds = round(time.perf_counter() - started, 3)
    if test_run.answers and test_run.set.flow is not None:
        answer(result, test_run)
    with transaction.atomic():
        if held(test_run).select_for_update().exists():
            result.save()


def compare(result: TestResult, case: TestCase, hits: list[dict[str, Any]]) -> None:
    expected = list(case.expected.all())
    covered = [[one.pk for one in expected if covers(hit, one)] for hit in hits]
    kept = ("passage_id", "document_id", "source", "heading", "start", "end", "score", "parts")
    result.found = [
        {**{name: hit[name] for name in kept}, "covers": covers_}
        for hit, covers_ in zip(hits, covered, strict=True)
    ]
    reached = {pk for one in covered for pk in one}
    result.missed = [
        {"id": one.pk, "source": one.source, "quote": one.quote[:300]}
        for one in expected
        if one.pk not in reached
    ]
    result.measures = measured(covered, [one.pk for one in expected])


def answer(result: TestResult, test_run: TestRun) -> None:
    asker = Asker(user=test_run.by, workspace=test_run.workspace, role=Role.EDITOR)
    key = f"test:{test_run.pk}:{result.case_id}"
    try:
        result.run = runs.submit(
            asker=asker,
            flow=test_run.set.flow,
            inputs={"question": result.question},
            idempotency_key=key,
            door=Door.TEST,
        )
    except ApiError as refused:
        result.error = refused.message


def judge_answers(test_run: TestRun) -> None:
    ended = test_run.results.filter(run__status__in=ENDED, answer="", error="").select_related("run", "case")
    for result in ended:
        result.answer, result.error = result.run.reply, result.run.error
        if not result.answer and not result.error:
            result.error = "The flow gave no answer."
        if result.case is not None and result.case.expected_answer:
            share = round(agreement(result.case.expected_answer, result.answer), 4)
            result.measures = {**result.measures, "agreement": share, "right": float(share >= RIGHT)}
        result.save(update_fields=["answer", "error", "measures"])


def let_go(test_run: TestRun, wait: timedelta) -> None:
    """For others, or until answers are there; that counts as no life."""
    hand_on(test_run, wait)
    if not wait:
        wake_worker(test_run.pk)


def finish(test_run: TestRun) -> None:
    rows = list(test_run.results.values_list("measures", flat=True))
    end(test_run, TestRunStatus.FINISHED, error="", metrics=means(rows))
