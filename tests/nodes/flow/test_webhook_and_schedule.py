"""Webhook and schedule: what each gives, and who is left out when another one started the run."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from nodes.flow.schedule import Schedule
from nodes.flow.start import Start
from nodes.flow.times import latest, upcoming
from nodes.flow.webhook import Webhook

CALL = {"webhook": {"node": "hook", "body": {"id": 7}, "headers": {"x-kind": "push"}, "query": {"a": "1"}}}
TICK = {"schedule": {"node": "clock", "at": "2030-01-31T09:00:00+00:00"}}


async def test_a_webhook_gives_what_was_sent(make_context):
    call = await Webhook().run(make_context(inputs=CALL, node_id="hook", mode="published"))
    assert (call.body.data, call.headers.data, call.query.data) == ({"id": 7}, {"x-kind": "push"}, {"a": "1"})


async def test_only_the_input_that_started_the_run_is_taken(make_context):
    other = await Webhook().run(make_context(inputs=CALL, node_id="another"))
    assert (other.body, other.headers, other.query) == (None, None, None)
    odd = {"webhook": {**CALL["webhook"], "node": ["hook"]}}
    assert (await Webhook().run(make_context(inputs=odd, node_id="hook"))).body is None
    asked = await Webhook().run(make_context(inputs={"question": "Hi"}, node_id="hook"))
    assert asked.body is None
    tick = await Schedule(text="Report").run(make_context(inputs=CALL, node_id="clock"))
    assert (tick.text, tick.at) == (None, None)
    assert await Start(example="Hi").run(make_context(inputs=TICK)) is None


async def test_a_draft_that_is_started_with_nothing_shows_the_example(make_context):
    call = await Webhook(example='{"n": 1}').run(make_context(inputs={}))
    assert call.body.data == {"n": 1}
    live = await Webhook().run(make_context(inputs={}, mode="published"))
    assert live.body is None
    assert (await Schedule(text="Report").run(make_context(inputs={}))).text == "Report"


async def test_a_schedule_gives_its_text_and_when_it_was_due(make_context):
    tick = await Schedule(text="Report").run(make_context(inputs=TICK, node_id="clock", mode="published"))
    assert (tick.text, tick.at) == ("Report", "2030-01-31T09:00:00+00:00")


@pytest.mark.parametrize("cron", ["", "* * *", "60 * * * *", "0 0 31 2 *", "* * * * * *", "daily"])
def test_what_is_no_cron_expression_is_refused(cron):
    with pytest.raises(ValidationError, match="no cron expression"):
        Schedule(cron=cron)


def test_settings_that_cannot_work_are_named():
    with pytest.raises(ValidationError, match="no time zone; write it like Europe/Vienna"):
        Schedule(time_zone="Vienna")
    with pytest.raises(ValidationError, match="not a JSON Schema"):
        Webhook(json_schema='{"type": "thing"}')
    with pytest.raises(ValidationError, match="this is not JSON"):
        Webhook(example="{")


def test_times_go_by_the_clock_of_the_zone():
    # Summer time begins in Vienna on 2030-03-31: the hour from two to three is left out.
    before = datetime(2030, 3, 30, 12, tzinfo=UTC)
    times = upcoming("30 2 * * *", "Europe/Vienna", before, 2)
    assert [time.isoformat() for time in times] == ["2030-03-31T03:00:00+02:00", "2030-04-01T02:30:00+02:00"]
    nine = upcoming("0 9 * * *", "Europe/Vienna", before, 1)[0]
    assert nine.astimezone(UTC) == datetime(2030, 3, 31, 7, tzinfo=UTC)


def test_the_latest_time_is_the_one_that_has_just_come():
    on_time = datetime(2030, 1, 31, 9, 0, tzinfo=UTC)
    assert latest("0 9 * * *", "UTC", on_time) == on_time
    assert latest("0 9 * * *", "UTC", datetime(2030, 2, 5, 8, 59, tzinfo=UTC)) == datetime(
        2030, 2, 4, 9, tzinfo=UTC
    )
