"""Redis clients: the wire between processes, never the only copy of anything acknowledged."""

import asyncio
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[str, redis.asyncio.Redis]]" = (
    WeakKeyDictionary()
)
_PASSING = [RedisConnectionError, RedisTimeoutError, ConnectionError]


def client() -> redis.asyncio.Redis:
    """The running event loop's client. No socket timeout: a blocking read may last."""
    loop = asyncio.get_running_loop()
    url, found = _clients.get(loop, ("", None))
    if found is None or url != settings.REDIS_URL:
        found = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            decode_responses=True,
            socket_timeout=None,
            max_connections=10_000,
            retry=AsyncRetry(ExponentialBackoff(cap=1.0, base=0.05), 30),
            retry_on_error=_PASSING,
        )
        _clients[loop] = (settings.REDIS_URL, found)
    return found


def sync_client() -> redis.Redis:
    """A client for code that runs in threads; it retries while Redis restarts."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=30,
        retry=Retry(ExponentialBackoff(cap=1.0, base=0.05), 30),
        retry_on_error=_PASSING,
    )


def impatient_client() -> redis.Redis:
    """For what the database can stand in for: a transaction must not stay open while Redis restarts."""
    return redis.Redis.from_url(
        settings.REDIS_URL, decode_responses=True, socket_timeout=2, retry=Retry(NoBackoff(), 0)
    )
