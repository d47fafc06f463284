from datetime import datetime

import pytest
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.tools.date import Date


@pytest.mark.parametrize(
    ("settings", "given", "result"),
    [
        ({}, ("2026-03-01T12:00:00Z",), "2026-03-01T12:00:00+00:00"),
        ({"time_zone": "Asia/Shanghai"}, ("2026-03-01T12:00:00Z",), "2026-03-01T20:00:00+08:00"),
        ({"pattern": "%d.%m.%Y"}, ("1 March 2026",), "01.03.2026"),
        ({"day_first": True, "pattern": "%Y-%m-%d"}, ("03/04/2026",), "2026-04-03"),
        ({"pattern": "%Y-%m-%d"}, ("03/04/2026",), "2026-03-04"),
        ({"action": "add", "amount": 1, "unit": "months"}, ("2026-01-31",), "2026-02-28T00:00:00+00:00"),
        ({"action": "add", "amount": -90, "unit": "minutes"}, ("2026-01-01",), "2025-12-31T22:30:00+00:00"),
        # Over the change to summer time: a day is by the clock, 24 hours are not.
        ({"action": "add", "time_zone": "Europe/Berlin"}, ("2026-03-28 12:00",), "2026-03-29T12:00:00+02:00"),
        ({"action": "add", "amount": 24, "unit": "hours", "time_zone": "Europe/Berlin"}, ("2026-03-28 12:00",), "2026-03-29T13:00:00+02:00"),
        ({"action": "difference"}, ("2026-01-01", "2026-03-01"), "59"),
        ({"action": "difference", "unit": "hours"}, ("2026-01-02", "2026-01-01T12:00"), "-12"),
        ({"action": "difference", "unit": "years"}, ("2000-02-29", "2026-02-27"), "25"),
        ({"action": "difference", "unit": "months"}, ("2026-01-31", "2026-03-30"), "1"),
    ],
)  # fmt: skip
async def test_dates(settings, given, result):
    assert await Date(**settings).run(*given) == result


async def test_nothing_means_now():
    written = datetime.fromisoformat(await Date(time_zone="Europe/Berlin").run())
    assert abs((datetime.now(written.tzinfo) - written).total_seconds()) < 5
    assert (await Date().run("today")).endswith("T00:00:00+00:00")


async def test_what_is_no_date_is_told():
    with pytest.raises(NodeError, match="'when' is no date: 'soon'"):
        await Date().run("soon")
    with pytest.raises(NodeError, match="Setting 'amount'"):
        await Date(action="add", amount=100_000, unit="years").run("2026-01-01")


def test_a_zone_that_is_none_is_told():
    with pytest.raises(ValidationError, match="no time zone"):
        Date(time_zone="../etc/localtime")
