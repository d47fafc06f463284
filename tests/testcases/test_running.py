"""A set is asked case by case and measured; killed workers repeat nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder import leases
from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.models import Passage
from flowbuilder.knowledge.retrieval import asking
from flowbuilder.knowledge.words import words
from flowbuilder.runs.models import Run, Status
from flowbuilder.testcases import comparing, running, services
from flowbuilder.testcases.models import TestRun, TestRunStatus
from flowbuilder.testcases.services import expected_of
from nodes.knowledge.looking import Looking

pytestmark = pytest.mark.django_db
ECHO = {
    "nodes": [{"id": "start", "type": "flow.start"}, {"id": "reply", "type": "flow.reply"}],
    "wires": [{"id": "w", "source": "start", "target": "reply", "target_port": "content"}],
}


@pytest.fixture(autouse=True)
def _by_words(monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE", 0.01)


@pytest.fixture
def cases(test_set, document):
    for passage in document.passages.all():
        passage.words = words(passage.text)
        passage.save()
        services.add_case(test_set=test_set, question=passage.text, expected=expected_of([passage]))
    note(test_set.base, [passage.pk for passage in document.passages.all()])
    return list(test_set.cases.all())


def ordered(asker, test_set, **options) -> TestRun:
    looking = options.pop("looking", Looking(limit=10))
    return running.order(asker=asker, test_set=test_set, looking=looking, **options)


def done(test_run: TestRun) -> TestRun:
    running.run_tests(str(test_run.pk))
    test_run.refresh_from_db()
    return test_run


def test_every_case_is_asked_and_measured(asker, test_set, cases):
    test_run = done(ordered(asker, test_set, note="first"))
    assert (test_run.status, test_run.planned, test_run.error) == (TestRunStatus.FINISHED, 2, "")
    assert test_run.metrics["R@1"] == test_run.metrics["RR"] == test_run.metrics["nDCG@10"] == 1.0
    first = test_run.results.first()
    assert (
        first.case == cases[0]
        and first.missed == []
        and first.found[0]["covers"] == [cases[0].expected.get().pk]
    )


def test_regressions_are_named_with_what_was_lost(asker, test_set, cases, document):
    before = done(ordered(asker, test_set))
    Passage.objects.filter(pk=document.passages.first().pk).update(enabled=False)
    note(test_set.base, [document.passages.first().pk])
    after = done(ordered(asker, test_set))
    found = comparing.compare(before, after)
    (change,) = found.regressions
    assert change.question == cases[0].question and found.same == 1 and not found.improvements
    assert change.measures["R@5"] == (1.0, 0.0) and change.lost[0]["source"] == "protocol.md"
    assert ("R@5", 1.0, 0.5) in found.figures
    assert [one.question for one in comparing.compare(after, before).improvements] == [cases[0].question]


def test_what_a_dead_worker_finished_is_not_asked_again(asker, test_set, cases):
    test_run = ordered(asker, test_set)
    held = running.take_lease(test_run.pk)
    running.ask_case(held, cases[0])
    assert running.take_lease(test_run.pk) is None
    TestRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    done(test_run)
    assert test_run.status == TestRunStatus.FINISHED and test_run.results.count() == 2
    running.ask_case(held, cases[0])  # the dead one comes back: its fence is old
    assert test_run.results.count() == 2


def test_one_that_kills_its_workers_is_given_up(asker, test_set, cases):
    test_run = ordered(asker, test_set)
    TestRun.objects.update(lives=running.MAX_LIVES)
    assert done(test_run).status == TestRunStatus.FAILED and "stopped 5 times" in test_run.error


def test_a_wish_to_stop(asker, test_set, cases):
    waiting = ordered(asker, test_set)
    leases.cancel(waiting)
    assert done(waiting).status == TestRunStatus.CANCELLED
    going_on = ordered(asker, test_set)
    TestRun.objects.filter(pk=going_on.pk).update(status=TestRunStatus.RUNNING)
    leases.cancel(going_on)
    TestRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert done(going_on).status == TestRunStatus.CANCELLED and not going_on.results.exists()


def test_answers_are_runs_and_are_waited_for(asker, test_set, cases, workspace):
    test_set.flow = Flow.objects.create(workspace=workspace, name="Echo", slug="echo", graph=ECHO)
    test_set.save()
    cases[0].expected_answer = "A parcel record needs parcel_id"
    cases[0].save()
    test_run = done(ordered(asker, test_set, answers=True))
    assert test_run.status == TestRunStatus.RUNNING and Run.objects.count() == 2
    Run.objects.update(status=Status.FINISHED, reply="A parcel record needs parcel_id")
    TestRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert done(test_run).status == TestRunStatus.FINISHED
    assert test_run.metrics["agreement"] == test_run.metrics["right"] == 1.0
    assert "agreement" not in test_run.results.last().measures and Run.objects.count() == 2


def test_what_cannot_be_run_says_why(asker, test_set):
    with pytest.raises(ApiError, match="has no cases"):
        ordered(asker, test_set)
    services.add_case(test_set=test_set, question="q", expected_answer="a")
    with pytest.raises(ApiError, match="no flow"):
        ordered(asker, test_set, answers=True)
