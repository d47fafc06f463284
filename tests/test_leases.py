"""Rows as a queue: whatever workers take, hold, give on, lose and end, one of them at a time may write, and an end is an end."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from flowbuilder import leases
from flowbuilder.flows.services import create_flow
from flowbuilder.prompting.models import PromptSearch

pytestmark = [pytest.mark.django_db]
MINUTE = timedelta(minutes=1)
ROWS = PromptSearch.objects


@pytest.fixture
def row(asker):
    flow = create_flow(asker=asker, name="Desk", graph={"nodes": [], "wires": []})
    return ROWS.create(workspace=asker.workspace, flow=flow, graph={}, node="n", setting="s", start="Say it.")


def take(row, lease=MINUTE):
    return leases.take(ROWS.all(), row.pk, lease)


def lapse(row):
    ROWS.filter(pk=row.pk).update(lease_until=timezone.now() - MINUTE)


def now(row):
    return ROWS.get(pk=row.pk)


def test_one_worker_takes_it_and_another_waits_for_its_lease(row):
    first = take(row)
    assert (first.status, first.fence, first.lives) == ("running", 1, 1)
    assert take(row) is None
    lapse(row)
    second = take(row)
    assert (second.fence, second.lives) == (2, 2)


def test_who_lost_it_writes_nothing(row):
    first = take(row)
    lapse(row)
    second = take(row)
    assert not leases.held(first).update(error="from the first") and leases.held(second).exists()
    leases.end(first, "failed", error="from the first")
    leases.hand_on(first, start="from the first")
    assert (now(row).status, now(row).error, now(row).start) == ("running", "", "Say it.")


def test_a_stretch_that_is_given_on_is_no_life_and_may_be_taken_after_its_wait(row):
    leases.hand_on(take(row), MINUTE, start="half")
    assert (now(row).lives, now(row).start) == (0, "half") and take(row) is None
    lapse(row)
    leases.hand_on(take(row))
    assert take(row).lives == 1


@pytest.mark.parametrize("status", leases.ENDED)
def test_what_has_ended_is_neither_taken_nor_cancelled_nor_swept(row, status):
    leases.end(take(row), status, found={"prompt": "better"})
    ended = now(row)
    assert (ended.status, ended.found) == (status, {"prompt": "better"}) and ended.ended_at
    lapse(row)
    leases.cancel(row)
    assert take(row) is None and not leases.unheld(ROWS.all()).exists()
    assert (now(row).status, now(row).cancel_requested, now(row).ended_at) == (status, False, ended.ended_at)


def test_cancelled_at_once_while_it_waits_and_wished_for_while_it_runs(row):
    held = take(row)
    leases.cancel(row)
    assert (now(row).status, now(row).cancel_requested, now(row).ended_at) == ("running", True, None)
    leases.held(held).update(status="queued")
    leases.cancel(row)
    assert now(row).status == "cancelled" and now(row).ended_at and take(row) is None


def test_a_sweep_wakes_for_what_waits_and_what_a_dead_worker_held(row):
    assert leases.unheld(ROWS.all()).get() == row
    take(row)
    assert not leases.unheld(ROWS.all()).exists()
    lapse(row)
    assert leases.unheld(ROWS.all()).get() == row


def machine(row):
    class Machine(RuleBasedStateMachine):
        """Workers with what each believes to hold."""

        def __init__(self):
            super().__init__()
            ROWS.filter(pk=row.pk).update(
                status="queued",
                lease_until=timezone.now(),
                fence=0,
                lives=0,
                cancel_requested=False,
                ended_at=None,
            )
            self.believed = []
            self.ended_as = None

        @rule()
        def take(self):
            free = now(row).status == "queued" or now(row).lease_until < timezone.now()
            taken = take(row)
            assert (taken is not None) == (free and self.ended_as is None)
            self.believed += [taken] if taken else []

        @rule()
        def lapse(self):
            ROWS.filter(pk=row.pk).exclude(status__in=leases.ENDED).update(
                lease_until=F("lease_until") - 2 * MINUTE
            )

        @rule(who=st.integers(0, 9), status=st.sampled_from(leases.ENDED))
        def end(self, who, status):
            if self.believed:
                one = self.believed[who % len(self.believed)]
                may = leases.held(one).exists()
                leases.end(one, status)
                self.ended_as = status if may else self.ended_as

        @rule(who=st.integers(0, 9))
        def hand_on(self, who):
            if self.believed:
                leases.hand_on(self.believed[who % len(self.believed)])

        @rule()
        def cancel(self):
            waited = now(row).status == "queued"
            leases.cancel(row)
            self.ended_as = "cancelled" if waited else self.ended_as

        @invariant()
        def one_may_write_and_an_end_stays(self):
            assert sum(leases.held(one).exists() for one in self.believed) <= 1
            state = now(row)
            assert (
                (state.status in leases.ENDED) == (self.ended_as is not None) == (state.ended_at is not None)
            )
            assert self.ended_as in {None, state.status}

    return Machine


def test_any_order(row):
    run_state_machine_as_test(
        lambda: machine(row)(),
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )
