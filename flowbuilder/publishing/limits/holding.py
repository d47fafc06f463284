"""Limits are held here, for every door: ``runs.admission`` asks before a run is accepted.

Requests a minute are counted on Redis and, while that is away, in the record of usage: slower, and as exact. All else is
counted in the database in the transaction that accepts the run, which holds the limit's row: of calls side by side none
slips through. Tokens and money are known when a run ends, so a quota refuses the first run that comes after it was
used up, and what runs at that moment runs to its end.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from redis.exceptions import RedisError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.known import any_row
from flowbuilder.publishing.limits.models import Limit
from flowbuilder.publishing.rate import wait_of
from flowbuilder.publishing.usage.models import UsageRecord
from flowbuilder.runs.models import INSIDE, Run, Status

log = logging.getLogger(__name__)
MINUTE = timedelta(minutes=1)
SOON = 2
"""Seconds after which a place among the runs at once is worth another try."""


def knock(asker: Asker, flow: Flow, door: str) -> None:
    """``ApiError`` 429 where the key, or the flow, was asked too often in the last minute."""
    for limit in limits_on(asker.key_id, flow.pk, door):
        if limit.requests_a_minute is not None and (seconds := seconds_to_wait(limit)):
            raise refused(limit, "requests_a_minute", "requests a minute", seconds)


def knock_without_a_flow(asker: Asker) -> None:
    """Of what a key asks beside flows, such as embeddings: it counts as a request, and uses no tokens up."""
    for limit in Limit.objects.filter(key=asker.key_id) if asker.key_id else ():
        if limit.requests_a_minute is not None and (seconds := seconds_to_wait(limit)):
            raise refused(limit, "requests_a_minute", "requests a minute", seconds)
        must_be_left(limit)


def enter(run: Run) -> None:
    """``ApiError`` 429 where the run, which is counted already, is one too many."""
    for limit in limits_on(run.key_id, run.flow_id, run.door).select_for_update().order_by("pk"):
        if limit.runs_at_once is not None and at_once(limit) > limit.runs_at_once:
            raise refused(limit, "runs_at_once", "runs at once", SOON)
        must_be_left(limit)


def must_be_left(limit: Limit) -> None:
    """``ApiError`` 429 where the tokens or the money of a day or month are used up."""
    for name, words, allowed, used, seconds in quotas(limit, timezone.now()):
        if used >= allowed:
            raise refused(limit, name, words, seconds)


def limits_on(key_id: Any, flow_id: Any, door: str) -> QuerySet[Limit]:
    """Of the key that asks, and of the flow where it is asked from outside."""
    if not any_row(Limit, flow=flow_id) and not (key_id and any_row(Limit, key=key_id)):
        return Limit.objects.none()
    about = Q(key=key_id) if key_id else Q()
    if door not in INSIDE:
        about |= Q(flow=flow_id)
    return Limit.objects.filter(about) if about else Limit.objects.none()


def seconds_to_wait(limit: Limit) -> int:
    """0 where one more request is allowed."""
    if not limit.requests_a_minute:
        return int(MINUTE.total_seconds())
    try:
        return wait_of(limit.requests_a_minute, "limits", limit.pk.hex)
    except RedisError as error:
        log.warning("requests of limit %s are counted in the database: %s", limit.pk, error)
    now = timezone.now()
    recent = counted(limit).filter(at__gt=now - MINUTE).order_by("-at")
    oldest = recent.values_list("at", flat=True)[
        limit.requests_a_minute - 1 : limit.requests_a_minute
    ].first()
    return max(1, round((oldest + MINUTE - now).total_seconds())) if oldest else 0


def at_once(limit: Limit) -> int:
    going = Run.objects.filter(status__in=[Status.QUEUED, Status.RUNNING])
    if limit.key_id:
        return going.filter(key=limit.key_id).count()
    return going.filter(flow=limit.flow_id).exclude(door__in=INSIDE).count()


def counted(limit: Limit) -> QuerySet[UsageRecord]:
    """The record of what the limit is about."""
    if limit.key_id:
        return UsageRecord.objects.filter(key=limit.key_id)
    return UsageRecord.objects.filter(flow=limit.flow_id, outside=True)


def quotas(limit: Limit, now: datetime) -> Iterator[tuple[str, str, Any, Any, int]]:
    """Name, its words, what is allowed, what is used, and the seconds until it begins anew."""
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    first = now.date().replace(day=1)
    next_month = (now.replace(day=28) + timedelta(days=4)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    to_day, to_month = (max(1, int((end - now).total_seconds()) + 1) for end in (tomorrow, next_month))
    if limit.tokens_a_day is not None:
        used = tokens(counted(limit).filter(day=now.date()))
        yield "tokens_a_day", "tokens a day", limit.tokens_a_day, used, to_day
    if limit.tokens_a_month is not None:
        used = tokens(counted(limit).filter(day__gte=first))
        yield "tokens_a_month", "tokens a month", limit.tokens_a_month, used, to_month
    if limit.money_a_month is not None:
        spent = counted(limit).filter(day__gte=first).aggregate(spent=Sum("cost"))["spent"] or Decimal(0)
        yield "money_a_month", "money a month", limit.money_a_month, spent, to_month


def tokens(rows: QuerySet[UsageRecord]) -> int:
    found = rows.aggregate(read=Sum("tokens_in"), written=Sum("tokens_out"))
    return (found["read"] or 0) + (found["written"] or 0)


def refused(limit: Limit, name: str, words: str, seconds: int) -> ApiError:
    """It names the limit, and nobody's key or flow: visitors read it, too."""
    allowed = getattr(limit, name)
    message = f"This {limit.whose} is limited to {allowed} {words}. Try again in {spoken(seconds)}."
    details = {"limit": name, "of": limit.whose, "allowed": str(allowed)}
    return ApiError("too_many", message, 429, details, headers={"Retry-After": str(seconds)})


def spoken(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"
