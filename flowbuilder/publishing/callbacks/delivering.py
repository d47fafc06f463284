"""Messages whose run has ended are sent until they arrive. The database is the queue: a worker that dies loses none.

At least once: a worker that dies between the call and its note of it lets another one call again, with the same id.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from datetime import timedelta
from http import HTTPStatus

import httpx
from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.outbound import Refused
from flowbuilder.outbound_async import client, must_be_listed
from flowbuilder.publishing.callbacks.models import Attempt, Callback, Delivery, State
from flowbuilder.publishing.callbacks.signing import headers_for
from flowbuilder.runs.citations import citations_of
from flowbuilder.runs.models import ENDED, Run
from flowbuilder.secrets.sealing import CannotOpen, unseal

log = logging.getLogger(__name__)
PAUSES = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600)
"""Seconds after each try that failed, as Standard Webhooks suggests; then it is given up, after some two days."""
MOST_GIVEN_UP = 5
"""After so many messages in a row that never arrived, the address is told no more."""
AT_ONCE = 20
SECONDS = 15.0
LEASE = timedelta(seconds=60)
"""So long one worker has it to itself."""


def sweep() -> int:
    """What a beat asks for: write the messages of runs that have ended, and send what is due."""
    write_what_ended()
    taken = [delivery for delivery in _due() if _take(delivery)]
    if taken:
        asyncio.run(_send_all(taken))
    return len(taken)


def write_what_ended() -> None:
    ended = Delivery.objects.filter(state=State.AWAITED, run__status__in=ENDED)
    for delivery in ended.select_related("run__flow", "run__version")[:200]:
        told = message_of(delivery.run)
        # Only where nobody else has: the body stays what it was first.
        Delivery.objects.filter(pk=delivery.pk, state=State.AWAITED).update(
            state=State.PENDING, event=told["type"], body=json.dumps(told, ensure_ascii=False)
        )


def message_of(run: Run) -> dict[str, object]:
    told = {
        "id": str(run.pk),
        "flow": str(run.flow_id),
        "slug": run.flow.slug,
        "version": run.version.number if run.version else None,
        "status": run.status,
        "session": run.session,
        "inputs": run.inputs,
        "reply": run.reply,
        "citations": citations_of(run),
        "error": {"node": run.error_node, "message": run.error} if run.error else None,
    }
    at = run.ended_at or timezone.now()
    return {"type": f"run.{run.status}", "timestamp": at.isoformat(), "data": told}


def _due() -> list[Delivery]:
    due = Delivery.objects.filter(state=State.PENDING, due_at__lte=timezone.now(), callback__active=True)
    return list(due.select_related("callback").order_by("due_at")[:AT_ONCE])


def _take(delivery: Delivery) -> bool:
    """Two workers that see the same one: the first to move its time has it."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.PENDING, due_at=delivery.due_at)
    return bool(mine.update(due_at=timezone.now() + LEASE, attempts=F("attempts") + 1))


async def _send_all(deliveries: list[Delivery]) -> None:
    await asyncio.gather(*(_send(delivery) for delivery in deliveries))


async def _send(delivery: Delivery) -> None:
    started = time.monotonic()
    status, problem = await _called(delivery)
    seconds = round(time.monotonic() - started, 3)
    await sync_to_async(note)(delivery, status, problem, seconds)


async def _called(delivery: Delivery) -> tuple[int | None, str]:
    """The answer's status, or why there is none."""
    callback = delivery.callback
    try:
        must_be_listed(callback.url)
        secret = unseal(callback.owner, callback.sealed).value
        headers = headers_for(secret, delivery.message_id, int(time.time()), delivery.body)
        headers |= {"Content-Type": "application/json", "User-Agent": "Flowbuilder"}
        async with asyncio.timeout(SECONDS), client(httpx.Timeout(SECONDS)) as http:
            request = http.build_request(
                "POST", callback.url, headers=headers, content=delivery.body.encode()
            )
            # What it says besides its status is nobody's concern, however long it is.
            answer = await http.send(request, stream=True)
            await answer.aclose()
        return answer.status_code, ""
    except Refused as error:
        return None, str(error)
    except CannotOpen:
        return None, "Its secret cannot be opened with this installation's key: renew it."
    except TimeoutError:
        return None, f"It did not answer within {SECONDS:g} seconds."
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.info("delivery %s failed: %s", delivery.pk, type(error).__name__)
        return None, "It cannot be reached."


def note(delivery: Delivery, status: int | None, problem: str, seconds: float) -> None:
    """What came of a try, and when the next one is."""
    delivery.refresh_from_db(fields=["attempts"])
    arrived = status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    with transaction.atomic():
        Attempt.objects.create(delivery=delivery, seconds=seconds, status=status, problem=problem[:500])
        mine = Delivery.objects.filter(pk=delivery.pk, state=State.PENDING)
        if arrived:
            mine.update(state=State.DELIVERED)
            Callback.objects.filter(pk=delivery.callback_id).update(given_up=0)
        elif status == HTTPStatus.GONE:
            mine.update(state=State.FAILED)
            switch_off(delivery, "It answered 410 Gone, which asks to be told no more.")
        elif delivery.attempts > len(PAUSES):
            mine.update(state=State.FAILED)
            count_given_up(delivery)
        else:
            pause = PAUSES[delivery.attempts - 1] * random.uniform(1, 1.2)  # noqa: S311 - not a secret
            mine.update(due_at=timezone.now() + timedelta(seconds=pause))


def count_given_up(delivery: Delivery) -> None:
    callback = Callback.objects.select_for_update().get(pk=delivery.callback_id)
    callback.given_up += 1
    callback.save(update_fields=["given_up"])
    if callback.given_up >= MOST_GIVEN_UP:
        switch_off(delivery, f"{MOST_GIVEN_UP} messages in a row never arrived, so it is told no more.")


def switch_off(delivery: Delivery, why: str) -> None:
    """What is on its way to it waits until somebody lets it go on."""
    Callback.objects.filter(pk=delivery.callback_id).update(active=False, problem=why)


def send_again(delivery: Delivery) -> Delivery:
    """The same message with the same id, from the first pause on; whatever came of it before."""
    if not delivery.callback.active:
        raise ApiError("conflict", "Its address is switched off; let it go on first.", 409)
    sendable = [State.PENDING, State.DELIVERED, State.FAILED]
    again = Delivery.objects.filter(pk=delivery.pk, state__in=sendable)
    if not again.update(state=State.PENDING, due_at=timezone.now(), attempts=0):
        raise ApiError("conflict", "Its run has not ended, so there is no message yet.", 409)
    delivery.refresh_from_db()
    return delivery
