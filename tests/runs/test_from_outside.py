"""What is done to a run that no worker holds: its event is stored with its end, and every reader sees it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.flows.models import Flow
from flowbuilder.runs import services, sweeping
from flowbuilder.runs.log import stream_key
from flowbuilder.runs.models import Run, RunEvent, Status
from flowbuilder.wire import sync_client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


@pytest.fixture
def run(asker):
    flow = Flow.objects.create(workspace=asker.workspace, name="Outside", graph={"nodes": [], "wires": []})
    return Run.objects.create(workspace=asker.workspace, flow=flow, graph={})


@pytest.fixture
def given_up(run):
    """Its last worker was killed after it had streamed three events and stored one."""
    expired = timezone.now() - timedelta(minutes=1)
    Run.objects.filter(pk=run.pk).update(
        status=Status.RUNNING, fence=5, lives=sweeping.MAX_LIVES, lease_until=expired
    )
    RunEvent.objects.create(run=run, seq=1, type="run.started", at=1.0)
    for seq in (1, 2, 3):
        sync_client().xadd(stream_key(run.pk), {"e": json.dumps({"seq": seq})}, id=f"{seq}-0")
    return run


def streamed(run: Run) -> list[int]:
    return [json.loads(fields["e"])["seq"] for _, fields in sync_client().xrange(stream_key(run.pk))]


def test_the_end_of_a_given_up_run_comes_after_what_was_only_streamed(given_up):
    sweeping.sweep()
    assert list(given_up.events.values_list("seq", "type")) == [(1, "run.started"), (4, "run.failed")]
    assert streamed(given_up) == [1, 2, 3, 4]


def test_cancelling_a_queued_run_stores_its_end(run):
    services.cancel(run)
    run.refresh_from_db()
    assert run.status == Status.CANCELLED
    assert list(run.events.values_list("seq", "type")) == [(1, "run.cancelled")]


def test_cancelling_works_while_redis_is_away(run, redis_server):
    redis_server.stop()
    try:
        services.cancel(run)
    finally:
        redis_server.start()
    run.refresh_from_db()
    assert run.status == Status.CANCELLED and run.cancel_requested
    assert run.events.get().type == "run.cancelled"
