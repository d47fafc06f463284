"""Cron expressions and time zones. Summer time as Debian's cron has it (cronsim): what falls into the hour that is left
out runs just behind it, what falls into the hour that comes twice runs once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

PARTS = 5
"""With a sixth cronsim would plan by the second, which is more than anybody starts runs."""


def must_be_cron(cron: str) -> None:
    """``ValueError`` says what would do."""
    why = ""
    try:
        if len(cron.split()) != PARTS:
            why = f"it has {len(cron.split())} parts"
        elif next(CronSim(cron.strip(), datetime(2000, 1, 1)), None) is None:
            why = "that time never comes"
    except CronSimError as error:
        why = str(error)
    if why:
        raise ValueError(
            f"'{cron}' is no cron expression ({why}): write five parts such as '0 9 * * 1-5', minute first"
        )


def must_be_zone(name: str) -> None:
    if name not in _zones():
        raise ValueError(f"'{name}' is no time zone; write it like Europe/Vienna, Asia/Shanghai or UTC")


def upcoming(cron: str, time_zone: str, after: datetime, count: int) -> list[datetime]:
    """The next times behind ``after``, on the zone's clock."""
    return list(islice(CronSim(cron, after.astimezone(ZoneInfo(time_zone))), count))


def latest(cron: str, time_zone: str, by: datetime) -> datetime:
    """The last time that has come by then."""
    just_behind = by.astimezone(ZoneInfo(time_zone)).replace(microsecond=0) + timedelta(seconds=1)
    return next(CronSim(cron, just_behind, reverse=True))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
