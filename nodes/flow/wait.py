from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from nodes.base import Context, Node, NodeError, Waiting
from nodes.flow.times import must_be_zone

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
LONGEST = timedelta(days=366)


class Wait(Node):
    """Passes a value on later: after a while, or at a time. Meanwhile the run is parked and holds no worker."""

    title = "Wait"
    icon = "hourglass"
    tags = ("delay", "sleep", "pause", "timer", "until", "later")

    how: Literal["for a while", "until a time"] = "for a while"
    """What is waited for."""
    amount: float = Field(5, ge=0, le=100_000)
    """For 'for a while'."""
    unit: Literal["seconds", "minutes", "hours", "days"] = "minutes"
    """What the amount counts."""
    until: str = Field("", max_length=40)
    """For 'until a time': like 2030-01-31T09:00, on the clock of the time zone. What is wired to the input 'until' goes before it."""
    time_zone: str = Field("UTC", max_length=60)
    """Whose clock, for example Europe/Vienna."""

    @field_validator("until")
    @classmethod
    def _is_a_time(cls, text: str) -> str:
        if text.strip():
            _time(text)
        return text.strip()

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        must_be_zone(name)
        return name

    def inputs(self) -> dict[str, Any]:
        return {"value": object, **({"until": str | None} if self.how == "until a time" else {})}

    def outputs(self) -> dict[str, Any]:
        return {"out": object}

    async def run(self, ctx: Context, value: object, until: str = "") -> dict[str, object]:
        if ctx.answer is None:
            now = datetime.now(UTC)
            due = self._due(now, until)
            if due - now > LONGEST:
                raise NodeError(f"It would wait until {due:%Y-%m-%d}; {LONGEST.days} days are the most.")
            if due > now:
                about = {"kind": "time", "until": due.isoformat(), "then": {"over": True}}
                raise Waiting(f"time:{ctx.run_id}:{ctx.node_id}", about)
        return {"out": value}

    def _due(self, now: datetime, wired: str) -> datetime:
        if self.how == "for a while":
            return now + timedelta(seconds=self.amount * SECONDS[self.unit])
        said = wired.strip() or self.until
        if not said:
            raise NodeError("Set 'until', or wire a time to it: like 2030-01-31T09:00.")
        try:
            found = _time(said)
        except ValueError as error:
            raise NodeError(f"Input 'until': {error}.") from error
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(self.time_zone))).astimezone(UTC)


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"'{text[:40]}' is no time; write it like 2030-01-31T09:00") from None
