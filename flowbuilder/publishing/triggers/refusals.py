"""Times of a schedule at which its run was refused: why, how often it was tried, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flowbuilder.accounts.errors import ApiError

KEPT = 5
WAITS, STARTED, LEFT_OUT = "waits", "started", "left out"


def try_again_at(refused: ApiError, now: datetime, following: datetime | None) -> datetime | None:
    """When a refused time is worth another try; None where that is not before the time that follows it."""
    if "Retry-After" not in refused.headers:
        return None
    then = now + timedelta(seconds=int(refused.headers["Retry-After"]))
    return then if following is None or then < following else None


def noted(
    rows: list[dict[str, Any]], at: datetime, message: str, again: datetime | None
) -> list[dict[str, Any]]:
    """One row for each time, however often it was tried."""
    before = next((row for row in rows if row["at"] == at.isoformat()), None)
    row = {
        "at": at.isoformat(),
        "tries": before["tries"] + 1 if before else 1,
        "message": message,
        "outcome": WAITS if again else LEFT_OUT,
        "again_at": again.isoformat() if again else None,
    }
    others = [each for each in rows if each is not before]
    return [row, *settled(others)][:KEPT]


def settled(rows: list[dict[str, Any]], started: datetime | None = None) -> list[dict[str, Any]]:
    """None of them waits any more: the one for ``started`` has its run, others were overtaken, or paused."""
    at = started.isoformat() if started else ""
    return [
        {**row, "outcome": STARTED if row["at"] == at else LEFT_OUT, "again_at": None}
        if row["outcome"] == WAITS
        else row
        for row in rows
    ]
