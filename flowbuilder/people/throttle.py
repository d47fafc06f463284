"""How often an invitation may be tried from one network address."""

import math
import time
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from flowbuilder.accounts.errors import ApiError

TRIES = 30
"""A minute."""


def count_try(network_address: str) -> None:
    """``ApiError`` 429 with Retry-After where it is one too many."""
    limit = RateLimitItemPerMinute(TRIES, namespace="joining")
    limiter = _limiter(settings.REDIS_URL)
    if not limiter.hit(limit, network_address):
        seconds = max(1, math.ceil(limiter.get_window_stats(limit, network_address).reset_time - time.time()))
        told = _("That is too often. Try again in %(seconds)s seconds.") % {"seconds": seconds}
        raise ApiError("too_many", told, 429, headers={"Retry-After": str(seconds)})


@cache
def _limiter(url: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(url, key_prefix="fb:rate", socket_timeout=2))
