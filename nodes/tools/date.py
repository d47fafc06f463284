from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from dateutil.parser import ParserError, parse
from dateutil.relativedelta import relativedelta
from pydantic import Field, field_validator

from nodes.base import NodeError
from nodes.tools.tool_node import ToolNode

Unit = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years"]
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
When = Annotated[str, Field(description="A date such as 2026-03-01 or 1 March 2026 14:30; empty means now")]
Until = Annotated[str, Field(description="The second date, for a difference; empty means now")]
MOST = 1_000_000


class Date(ToolNode):
    """Reads, moves, compares and writes dates, in any time zone."""

    icon = "calendar-clock"
    tags = ("time", "now", "today", "calendar", "time zone", "duration", "format")

    action: Literal["write", "add", "difference"] = "write"
    """Write it in another form or zone, add to it, or count from it to a second date."""
    time_zone: str = "UTC"
    """Of the result, and of dates that name none: an IANA name such as Europe/Berlin or Asia/Shanghai."""
    pattern: str = Field("", max_length=100)
    """How it is written, in strftime's signs: %d.%m.%Y %H:%M. Empty writes ISO 8601."""
    amount: int = Field(1, ge=-MOST, le=MOST)
    """For add: how much; below zero goes back."""
    unit: Unit = "days"
    """For add and difference. Months and years count by the calendar."""
    day_first: bool = False
    """Whether 03/04/2026 is the 3rd of April."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(
                f"'{name[:60]}' is no time zone; write one such as UTC, Europe/Berlin or Asia/Shanghai"
            )
        return name

    async def run(self, when: When = "", until: Until = "") -> str:
        moment = self._read(when, "when")
        if self.action == "difference":
            return self._between(moment, self._read(until, "until"))
        if self.action == "add":
            moment = self._moved(moment)
        moment = moment.astimezone(ZoneInfo(self.time_zone))
        return moment.strftime(self.pattern) if self.pattern else moment.isoformat(timespec="seconds")

    def _read(self, text: str, port: str) -> datetime:
        zone = ZoneInfo(self.time_zone)
        if text.strip().lower() in {"", "now"}:
            return datetime.now(zone)
        if text.strip().lower() == "today":
            return datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        start = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        try:
            found = parse(text[:200], dayfirst=self.day_first, default=start)
        except (ParserError, OverflowError, ValueError) as error:
            raise NodeError(
                f"'{port}' is no date: '{text[:60]}'. Write one such as 2026-03-01 or 1 March 2026 14:30."
            ) from error
        moment: datetime = found if found.tzinfo else found.replace(tzinfo=zone)
        return moment

    def _moved(self, moment: datetime) -> datetime:
        try:
            if self.unit in {"days", "weeks", "months", "years"}:
                # By the clock on the wall: a day over a change to summer time has 23 hours.
                moved: datetime = moment + relativedelta(**{self.unit: self.amount})
                return moved
            return datetime.fromtimestamp(moment.timestamp(), ZoneInfo("UTC")) + timedelta(
                **{self.unit: self.amount}
            )
        except (OverflowError, ValueError) as error:
            raise NodeError(
                f"Setting 'amount': {self.amount} {self.unit} from there is no date any more."
            ) from error

    def _between(self, start: datetime, end: datetime) -> str:
        if self.unit in {"months", "years"}:
            apart = relativedelta(end, start)
            return str(apart.years * 12 + apart.months if self.unit == "months" else apart.years)
        return f"{(end - start).total_seconds() / SECONDS[self.unit]:g}"
