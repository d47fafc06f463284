from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from nodes.base import Context, Node
from nodes.flow.entering import given_by, is_tried
from nodes.flow.times import must_be_cron, must_be_zone
from nodes.types import LongText


@dataclass(frozen=True)
class Tick:
    text: str | None
    at: str | None
    """When it was due, in the node's time zone: ``2030-01-31T09:00:00+01:00``."""


class Schedule(Node):
    """Where a run begins that starts by itself, again and again: the live version runs at the times of a cron expression."""

    title = "Schedule"
    icon = "calendar-clock"
    tags = ("input", "start", "trigger", "cron", "timer", "every day", "interval", "begin")

    cron: str = Field("0 9 * * 1-5", max_length=100, json_schema_extra={"x-widget": "cron"})
    """Minute, hour, day of the month, month, day of the week: '0 9 * * 1-5' is at nine on weekdays, '*/15 * * * *' every quarter of an hour."""
    time_zone: str = Field("UTC", max_length=60)
    """Whose clock, for example Europe/Vienna."""
    text: LongText = ""
    """What the flow is given each time, for example a question that it answers every morning."""

    @field_validator("cron")
    @classmethod
    def _is_cron(cls, cron: str) -> str:
        must_be_cron(cron)
        return cron.strip()

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        must_be_zone(name)
        return name

    async def run(self, ctx: Context) -> Tick:
        if is_tried(ctx):
            return Tick(
                self.text, datetime.now(UTC).astimezone(ZoneInfo(self.time_zone)).isoformat("T", "seconds")
            )
        given = given_by(ctx, "schedule")
        return Tick(None, None) if given is None else Tick(self.text, str(given.get("at", "")))
