"""What a test shows: each session once, each arm's own answers, and rules that end it with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.abtests import services
from flowbuilder.abtests.models import AbTest, Metric, Status
from flowbuilder.abtests.results import results
from flowbuilder.feedback.models import Comparison, Kind
from flowbuilder.modelhub import registry
from flowbuilder.runs.models import Run
from flowbuilder.runs.models import Status as RunStatus
from tests.abtests.conftest import wrote

pytestmark = pytest.mark.django_db


@pytest.fixture
def traffic(visit, say):
    """``traffic(60, {1: 0.5, 2: 0.9})``: that many sessions, each rated, good as often as their version says."""

    def send(sessions: int, chances: dict[int, float], **fields) -> None:
        seen = dict.fromkeys(chances, 0)
        for number in range(sessions):
            run, version = visit(f"visitor {number}", **fields)
            rank = seen[version.number]
            seen[version.number] += 1
            say(run, version, (rank * 37 % 100) < 100 * chances[version.number])

    return send


def look(test: AbTest):
    found = services.look(test)
    test.refresh_from_db()
    return found


def test_a_session_counts_once_by_its_first_rating(start, visit, say):
    test = start((2, 50))
    run, version = visit("ann")
    say(run, version, False)
    for _ in range(3):
        again, _ = visit("ann")
        say(again, version, True)
    mine = next(one for one in results(test).arms if one.arm.version == version)
    assert (mine.sessions, mine.runs, mine.good, mine.bad) == (1, 4, 3, 1)
    assert (mine.outcomes.good, mine.outcomes.bad) == (0, 1)


def test_only_ratings_of_the_arm_s_own_answers_count(start, visit, say, teammate):
    test = start((2, 50))
    run, version = visit("ann")
    say(run, version, True, model="judge@1", node_id="judge")
    say(run, version, None, kind=Kind.SKIP, person=teammate)
    outside = Run.objects.create(workspace=run.workspace, flow=run.flow, graph={})
    say(outside, version, True)
    assert sum(one.good + one.bad for one in results(test).arms) == 0


def test_how_runs_went_is_noted_when_they_have_ended(start, visit):
    test = start((2, 99))
    ended, _ = visit("ann")
    wrote(ended, 40)
    visit("bob", status=RunStatus.FAILED)
    visit("cy", status=RunStatus.CANCELLED)
    visit("di", status=RunStatus.RUNNING)
    arm = look(test).arms[1]
    assert (arm.runs, arm.failures, arm.tokens) == (4, 1, 40)
    assert arm.p50 == arm.p95 == pytest.approx(2, abs=0.01)
    assert test.exposures.filter(settled=False).count() == 1
    assert set(test.exposures.values_list("failed", flat=True)) == {None, True, False}


def test_a_better_challenger_wins_and_traffic_returns(start, traffic, visit):
    test = start((2, 50), least=30)
    traffic(160, {1: 0.2, 2: 0.8})
    found = look(test)
    assert found.versus[0].deciding.better and 0 < found.versus[0].deciding.low
    assert (test.status, test.winner.version.ref) == (Status.CONCLUDED, "starter@2")
    assert test.reason.startswith("starter@2 is better than starter@1: +")
    assert visit("anybody")[1] is None


def test_a_worse_one_loses(start, traffic):
    test = start((2, 50), least=30)
    traffic(160, {1: 0.8, 2: 0.2})
    look(test)
    assert (test.status, test.winner.version.ref) == (Status.CONCLUDED, "starter@1")
    assert "starter@2 is worse than starter@1" in test.reason


def test_it_goes_on_before_there_is_enough_or_without_a_difference(start, traffic):
    test = start((2, 50), least=500)
    traffic(160, {1: 0.2, 2: 0.8})
    look(test)
    assert test.running
    AbTest.objects.filter(pk=test.pk).update(least=30)
    test.refresh_from_db()
    look(test)
    assert not test.running


def test_time_is_up(start, traffic):
    test = start((2, 50), days=3)
    traffic(20, {1: 0.5, 2: 0.5})
    AbTest.objects.filter(pk=test.pk).update(created_at=timezone.now() - timedelta(days=3))
    test.refresh_from_db()
    look(test)
    assert (test.status, test.reason) == (Status.CONCLUDED, "3 days have passed without a clear difference.")
    assert test.winner is None


def test_an_unsafe_answer_of_a_challenger_ends_it_at_once(start, visit, say):
    test = start((2, 99))
    run, version = visit("ann")
    say(run, version, False, reason="unsafe")
    look(test)
    assert (test.status, test.reason) == (Status.STOPPED, "An answer of starter@2 was called unsafe.")


@pytest.mark.parametrize(
    ("rules", "went", "says"),
    [
        ({}, {"status": RunStatus.FAILED}, "fails more often"),
        ({"slow_seconds": 1.0}, {}, "is slow more often"),
    ],
)
def test_a_guard_ends_it_before_the_metric_has_enough(start, visit, rules, went, says):
    test = start((2, 50), least=10_000, **rules)
    for number in range(60):
        run, version = visit(f"visitor {number}")
        if version.number == 2:
            Run.objects.filter(pk=run.pk).update(**went)
        else:
            Run.objects.filter(pk=run.pk).update(created_at=run.ended_at)
    look(test)
    assert test.status == Status.STOPPED and f"starter@2 {says} than starter@1" in test.reason


def test_rules_share_alpha(start):
    test = start((2, 20), (3, 20), slow_seconds=5.0)
    found = results(test)
    assert [versus.arm.version.number for versus in found.versus] == [2, 3]
    assert found.versus[0].deciding.level == pytest.approx(0.05 / (2 * 3))  # metric, errors, slow


def test_failures_can_decide(start, visit):
    test = start((2, 50), metric=Metric.ERRORS, least=20)
    for number in range(80):
        run, version = visit(f"visitor {number}")
        if version.number == 1:
            Run.objects.filter(pk=run.pk).update(status=RunStatus.FAILED)
    look(test)
    assert test.winner.version.number == 2


def test_blind_comparisons_can_decide(start, flow, say, model):
    test = start((2, 50), metric=Metric.WINS, least=10)
    one, two = model.versions.get(number=1), model.versions.get(number=2)
    for number in range(40):
        left, right = (Run.objects.create(workspace=flow.workspace, flow=flow, graph={}) for _ in "lr")
        compared = Comparison.objects.create(workspace=flow.workspace, flow=flow, left=left, right=right)
        best, other = (one, two) if number % 20 == 0 else (two, one)
        others = [{"answer": "b", "model": other.ref}]
        say(left, best, None, kind=Kind.PAIR, comparison=compared, others=others, tie=number % 10 == 5)
    found = look(test).versus[0]
    assert (found.draws, found.deciding.challenger.good, found.deciding.control.good) == (4, 34, 2)
    assert test.winner.version.number == 2


def test_sessions_that_are_not_split_as_asked_are_not_trusted(start, traffic):
    test = start((2, 50), least=20)
    traffic(200, {1: 0.2, 2: 0.8})
    test.arms.filter(control=True).update(share=95)
    test.arms.filter(control=False).update(share=5)
    found = look(test)
    assert found.mismatched and test.running


def test_an_alias_that_was_moved_ends_it(start, model, asker):
    test = start((2, 50))
    registry.set_alias(model=model, name="production", number=3, asker=asker)
    look(test)
    assert test.status == Status.STOPPED
    assert test.reason == "“production” was pointed from starter@1 to starter@3 while the test ran."


def test_the_sweep_looks_at_what_runs(start, visit, say):
    test = start((2, 99))
    run, version = visit("ann")
    say(run, version, False, reason="unsafe")
    services.sweep()
    test.refresh_from_db()
    assert test.status == Status.STOPPED
