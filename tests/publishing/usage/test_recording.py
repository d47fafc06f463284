"""What a run used is put on record when it ends, once, and again where it went on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from flowbuilder.publishing.usage import recording
from flowbuilder.publishing.usage.models import ModelUse, UsageRecord
from flowbuilder.publishing.usage.prices import set_price
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import Run, RunEvent, Status

pytestmark = pytest.mark.django_db


def ended(run: Run, *events: tuple, status: str = Status.FINISHED) -> None:
    """As a worker leaves it."""
    begin = run.created_at.timestamp()
    last = run.events.count()
    for number, (after, type_, node, data) in enumerate(events, last + 1):
        RunEvent.objects.create(run=run, seq=number, type=type_, node=node, data=data, at=begin + after)
    until = run.created_at + timedelta(seconds=3)
    Run.objects.filter(pk=run.pk).update(status=status, ended_at=until)


ASKED = (
    (0.25, "node.started", "model_1", {}),
    (0.30, "node.report", "model_1", {"kind": "model", "model": "starter@1"}),
    (0.75, "node.token", "model_1", {"text": "Hi"}),
    (1.00, "node.report", "model_1", {"kind": "usage", "prompt_tokens": 400, "completion_tokens": 100}),
    (2.00, "node.finished", "model_1", {"seconds": 1.5, "usage": {}}),
)


@pytest.fixture
def run(asker, live_flow):
    return runs.submit(
        asker=asker, flow=live_flow, version=live_flow.published_version, inputs={"question": "Hi"}
    )


def test_tokens_latency_and_cost(asker, run):
    set_price(asker=asker, model="starter", input_price=Decimal(1), output_price=Decimal(2))
    set_price(asker=asker, model="starter@1", output_price=Decimal(3), second_price=Decimal("0.1"))
    ended(run, *ASKED)
    recording.settle(run.pk)
    row = UsageRecord.objects.get(pk=run.pk)
    assert (row.tokens_in, row.tokens_out, row.status) == (400, 100, "finished")
    assert (row.queue_ms, row.first_token_ms, row.total_ms) == (250, 750, 3000)
    assert row.cost == Decimal(
        "0.45"
    )  # the version's own price: 0.1 of 1000 written at 3, 1.5 seconds at 0.1
    assert (row.version, row.door, row.environment, row.outside) == (1, "editor", "production", False)


def test_a_model_without_a_price_costs_nothing(run):
    ended(run, *ASKED)
    recording.settle(run.pk)
    assert ModelUse.objects.get(record=run.pk).cost == 0


def test_told_twice_it_counts_once(run):
    ended(run, *ASKED)
    recording.settle(run.pk)
    recording.settle(run.pk)
    assert UsageRecord.objects.get(pk=run.pk).tokens_in == 400
    assert ModelUse.objects.filter(record=run.pk).count() == 1


def test_what_went_on_after_a_failure_counts_with_what_was_before(run):
    ended(run, *ASKED, status=Status.FAILED)
    recording.settle(run.pk)
    run.refresh_from_db()
    runs.resume(run)
    assert UsageRecord.objects.get(pk=run.pk).ended_at is None
    ended(run, *ASKED[:2], ASKED[3])
    recording.settle(run.pk)
    assert UsageRecord.objects.get(pk=run.pk).tokens_in == 800


def test_an_end_that_nobody_told_is_found(run):
    ended(run, *ASKED)
    assert recording.settle_what_was_missed() == 0  # just accepted: its worker will tell
    UsageRecord.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert recording.settle_what_was_missed() == 1
    assert UsageRecord.objects.get(pk=run.pk).tokens_out == 100


def test_a_run_that_is_deleted_before_it_ends_leaves_no_open_record(run):
    UsageRecord.objects.update(at=timezone.now() - timedelta(minutes=1))
    Run.objects.all().delete()
    recording.settle_what_was_missed()
    assert UsageRecord.objects.get().status == "cancelled"
