"""Schedules of what is live: each time starts one run, whoever looks and however late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from flowbuilder.flows import publication
from flowbuilder.publishing.limits.services import set_limit
from flowbuilder.publishing.models import Schedule
from flowbuilder.publishing.triggers import live
from flowbuilder.publishing.triggers.refusals import KEPT
from flowbuilder.publishing.triggers.schedules import start_what_is_due
from flowbuilder.runs.models import Run

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 1, 31, 12, 0, 4, tzinfo=UTC)


def clock(**settings):
    return {
        "id": "clock",
        "type": "flow.schedule",
        "settings": {"cron": "0 * * * *", "text": "Report", **settings},
    }


@pytest.fixture
def flow(publish):
    return publish(clock(), "text")


@pytest.fixture
def due(flow):
    """It should have run at noon, four seconds ago."""
    Schedule.objects.update(next_at=NOON - timedelta(seconds=4))
    return flow.schedules.get()


def test_what_is_published_is_planned(flow):
    planned = flow.schedules.get()
    assert planned.next_at > timezone.now() and planned.next_at - timezone.now() <= timedelta(hours=1)


def test_a_time_that_has_come_starts_one_run_of_the_live_version(flow, due):
    assert start_what_is_due(NOON) == 1
    run = Run.objects.get()
    assert run.live and run.origin == {"kind": "schedule", "node": "clock"}
    assert run.inputs == {"schedule": {"node": "clock", "at": "2030-01-31T12:00:00+00:00"}}
    due.refresh_from_db()
    assert due.next_at == datetime(2030, 1, 31, 13, tzinfo=UTC) and due.last_run == run
    assert start_what_is_due(NOON + timedelta(seconds=5)) == 0


def test_two_beats_start_one_run(flow, due, monkeypatch):
    """Both have read the row before either has moved it on."""
    from flowbuilder.publishing.triggers import schedules

    rows = list(Schedule.objects.select_related("flow__published_version", "flow__workspace"))
    assert [schedules._start(row, NOON) for row in rows + rows] == [True, False]
    assert Run.objects.count() == 1


def test_what_was_missed_is_one_run_and_not_many(flow, due):
    late = NOON + timedelta(hours=30)
    assert start_what_is_due(late) == 1
    assert Run.objects.get().inputs["schedule"]["at"] == "2030-02-01T18:00:00+00:00"
    due.refresh_from_db()
    assert due.next_at == datetime(2030, 2, 1, 19, tzinfo=UTC)


def test_a_paused_schedule_and_a_flow_that_is_offline_start_nothing(asker, flow, due, web):
    paused = web.patch(f"/api/schedules/{due.pk}", {"paused": True}, content_type="application/json")
    assert paused.json()["paused"] and paused.json()["next"] == []
    assert start_what_is_due(NOON + timedelta(days=3000)) == 0
    web.patch(f"/api/schedules/{due.pk}", {"paused": False}, content_type="application/json")
    due.refresh_from_db()
    assert due.next_at > timezone.now()
    publication.set_publication(asker=asker, flow=flow, number=None)
    assert not Schedule.objects.exists()


def test_a_new_version_plans_anew_only_where_the_times_changed(flow, due, publish):
    publish(clock(text="Another text"), "text", flow)
    assert flow.schedules.get().next_at == due.next_at
    publish(clock(cron="30 * * * *"), "text", flow)
    planned = flow.schedules.get()
    assert planned.pk == due.pk and planned.next_at.minute == 30


def test_a_refused_run_is_tried_again_for_its_own_time(asker, flow, due, web):
    set_limit(asker=asker, owner=flow, runs_at_once=0)
    assert start_what_is_due(NOON) == start_what_is_due(NOON + timedelta(seconds=1)) == 0
    assert start_what_is_due(NOON + timedelta(seconds=2)) == 0
    page = web.get(f"/publishing/{flow.pk}/").content.decode()
    assert "limited to 0 runs at once" in page and "2 tries" in page and "tried again at 12:00:08" in page
    set_limit(asker=asker, owner=flow, runs_at_once=None)
    assert start_what_is_due(NOON + timedelta(seconds=4)) == 1
    assert Run.objects.get().inputs["schedule"]["at"] == "2030-01-31T12:00:00+00:00"
    due.refresh_from_db()
    assert (due.problem, due.next_at) == ("", datetime(2030, 1, 31, 13, tzinfo=UTC))
    [told] = web.get(f"/api/flows/{flow.pk}/triggers").json()["schedules"]
    assert [(row["outcome"], row["tries"]) for row in told["refused"]] == [("started", 2)]


def test_what_is_refused_beyond_the_next_time_is_left_out_and_seen_to_be(asker, flow, due, web):
    """A day's tokens begin anew after many hours, and the schedule is hourly."""
    set_limit(asker=asker, owner=flow, tokens_a_day=0)
    for hour in range(7):
        assert start_what_is_due(NOON + timedelta(hours=hour)) == 0
    due.refresh_from_db()
    assert due.next_at == datetime(2030, 1, 31, 19, tzinfo=UTC) and len(due.refused) == KEPT
    assert {row["outcome"] for row in due.refused} == {"left out"} and due.last_at is None
    assert "left out" in web.get(f"/publishing/{flow.pk}/").content.decode()


def test_a_pause_gives_up_what_waits_for_another_try(asker, flow, due):
    set_limit(asker=asker, owner=flow, requests_a_minute=0)
    start_what_is_due(NOON)
    due.refresh_from_db()
    assert due.refused[0]["outcome"] == "waits"
    assert live.set_paused(asker=asker, schedule=due, paused=True).refused[0]["outcome"] == "left out"


def test_why_a_run_could_not_be_started_is_told(flow, due, web):
    graph = flow.published_version.graph
    graph["wires"] = []
    flow.published_version.save()
    assert start_what_is_due(NOON) == 0
    [told] = web.get(f"/api/flows/{flow.pk}/triggers").json()["schedules"]
    assert "not connected" in told["problem"] and len(told["next"]) == 5


def test_the_next_times_of_an_expression(web):
    asked = {"cron": "0 9 * * *", "time_zone": "Asia/Shanghai"}
    times = web.get("/api/schedules/times", asked).json()["times"]
    assert len(times) == 5 and all(time.endswith("09:00:00+08:00") for time in times)
    refused = web.get("/api/schedules/times", {"cron": "daily"})
    assert refused.status_code == 422 and "five parts" in refused.json()["error"]["message"]
