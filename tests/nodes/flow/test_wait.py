from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Waiting
from nodes.flow.wait import Wait


async def waited_for(node, context, **given):
    with pytest.raises(Waiting) as parked:
        await node.run(context, "parcel", **given)
    assert parked.value.about["kind"] == "time"
    return parked.value.key, datetime.fromisoformat(parked.value.about["until"])


async def test_it_parks_for_a_while_and_passes_the_value_on(make_context):
    node = Wait(amount=2, unit="hours")
    key, due = await waited_for(node, make_context(run_id="r", node_id="each_1[2]/wait"))
    assert key == "time:r:each_1[2]/wait"
    assert timedelta(hours=1.99) < due - datetime.now(UTC) < timedelta(hours=2.01)
    assert await node.run(make_context(answer={"over": True}), "parcel") == {"out": "parcel"}


async def test_until_a_time_on_the_clock_of_a_zone(make_context):
    year = datetime.now(UTC).year + 1
    node = Wait(how="until a time", until=f"{year}-01-10T09:00", time_zone="Asia/Shanghai")
    soon = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    _, due = await waited_for(node, make_context(), until=soon.isoformat())
    assert due == soon
    if datetime(year, 1, 10, tzinfo=UTC) - datetime.now(UTC) < timedelta(days=366):
        _, due = await waited_for(node, make_context())
        assert due == datetime(year, 1, 10, 1, tzinfo=UTC)


async def test_what_has_come_already_is_not_waited_for(make_context):
    assert await Wait(amount=0).run(make_context(), "a") == {"out": "a"}
    assert await Wait(how="until a time", until="2001-01-01").run(make_context(), "a") == {"out": "a"}


async def test_what_cannot_be_waited_for_is_said(make_context):
    with pytest.raises(NodeError, match="Set 'until'"):
        await Wait(how="until a time").run(make_context(), "a")
    with pytest.raises(NodeError, match="'soon' is no time"):
        await Wait(how="until a time").run(make_context(), "a", until="soon")
    with pytest.raises(NodeError, match="366 days are the most"):
        await Wait(amount=400, unit="days").run(make_context(), "a")
    with pytest.raises(ValidationError, match="no time; write it like"):
        Wait(until="tomorrow")
