"""How often somebody may ask: counted on Redis over the last minute.

A pass costs nothing but a page load, so a network address is counted beside it, more generously: an office shares one.
Keys and flows are counted here as well (``publishing/limits``), where the database stands in when Redis is away.
"""

from __future__ import annotations

import math
import time
from functools import cache

from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing.models import Doors, Webhook
from flowbuilder.publishing.visitors import Visitor

ADDRESS_SHARE = 5
"""How many visitors' worth of questions may come from one network address."""
OPINIONS = 30
"""A minute, of one network address."""
CALLS = 300
"""A minute, of one webhook."""


def count_question(doors: Doors, visitor: Visitor, network_address: str) -> None:
    """``ApiError`` 429 with Retry-After where it is one too many."""
    flow = doors.flow_id.hex
    _count(doors.visitor_rate, "You ask faster than this page allows.", flow, visitor.id.hex)
    _count(doors.visitor_rate * ADDRESS_SHARE, "Your network asks too much at once.", flow, network_address)
    _count(doors.flow_rate, "Very many people ask at this moment.", flow)


def count_opinion(doors: Doors, network_address: str) -> None:
    _count(OPINIONS, "That is too fast.", "opinions", doors.flow_id.hex, network_address)


def count_call(hook: Webhook) -> None:
    _count(CALLS, "This webhook is called too often.", "hooks", hook.pk.hex)


def _count(a_minute: int, why: str, *whose: str) -> None:
    try:
        seconds = wait_of(a_minute, *whose)
    except RedisError as error:
        message = "This assistant cannot answer right now. Try again in a moment."
        raise ApiError("unavailable", message, 503, headers={"Retry-After": "5"}) from error
    if seconds:
        message = f"{why} Try again in {seconds} seconds."
        raise ApiError("too_many", message, 429, headers={"Retry-After": str(seconds)})


def wait_of(a_minute: int, *whose: str) -> int:
    """Count one more. 0 where it was allowed, else in how many seconds the next one is; ``RedisError`` may come."""
    limit = RateLimitItemPerMinute(a_minute, namespace="minute")
    if _limiter(settings.REDIS_URL).hit(limit, *whose):
        return 0
    free_at = _limiter(settings.REDIS_URL).get_window_stats(limit, *whose).reset_time
    return max(1, math.ceil(free_at - time.time()))


@cache
def _limiter(url: str) -> MovingWindowRateLimiter:
    patience = {"socket_timeout": 2, "socket_connect_timeout": 2}
    return MovingWindowRateLimiter(storage_from_string(url, key_prefix="fb:rate", **patience))
