"""``GET /healthz``: a line per part, 503 naming what does not answer."""

import asyncio

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from flowbuilder.wire import client

WORKERS = {"flow worker": "flow", "model worker": "gpu", "training worker": "train"}


@require_safe
async def healthz(request: HttpRequest) -> HttpResponse:
    """Plain text; no sign-in, so that a load balancer may ask."""
    redis_up = await _answers(client().ping())
    parts = {"web": True, "database": await _answers(sync_to_async(_ask_database)()), "redis": redis_up}
    for name, kind in WORKERS.items():
        parts[name] = redis_up and await _answers(_beats(kind))
    lines = [f"{name}: {'ok' if up else 'not answering'}" for name, up in parts.items()]
    return HttpResponse(
        "\n".join(lines) + "\n",
        status=200 if all(parts.values()) else 503,
        content_type="text/plain; charset=utf-8",
    )


def _ask_database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


async def _beats(kind: str) -> bool:
    async for _ in client().scan_iter(match=f"fb:worker:{kind}:*", count=1000):
        return True
    return False


async def _answers(question) -> bool:
    # Whatever goes wrong here is the answer that was asked for: this part is down.
    try:
        return bool(await asyncio.wait_for(question, timeout=2))
    except Exception:
        return False
