"""Who may come in by the Flowise-compatible door: with a key, or from the public where the owner opened it so."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.accounts.origin import is_ours
from flowbuilder.accounts.services import asker_from_key
from flowbuilder.feedback.models import Rating
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.doors import allows
from flowbuilder.publishing.flowise.models import LONGEST_ID
from flowbuilder.publishing.models import Doors, Turn, Via
from flowbuilder.publishing.outsiders import outsider
from flowbuilder.publishing.visitors import Visitor

OURS = uuid.UUID("6f0c7a3e-2f0e-4d58-9a55-6f1f1f0c3b1e")
"""The namespace of the numbers that chats and sessions get here."""


@dataclass(frozen=True)
class Caller:
    """Somebody who was let in, before the doors that let them in."""

    doors: Doors
    asker: Asker | None
    """Whom the key stands for; None for the public."""
    site: str
    network_address: str

    @property
    def flow(self) -> Flow:
        return self.doors.flow

    def acting(self) -> Asker:
        """As whom a run starts: the public runs this flow, and reads nothing."""
        return self.asker or outsider(self.flow)

    def visitor(self, session: str) -> Visitor:
        return Visitor(self._number("session", session), Via.FLOWISE, self.site)

    def conversation(self, chat: str) -> uuid.UUID:
        return self._number("chat", chat)

    def memory(self, session: str) -> str:
        """The session in the words of a run. What the public names must not be a session of somebody else's."""
        return session if self.asker else f"flowise:{session}"

    def sees_traces(self) -> bool:
        return self.asker is not None or self.doors.flowise_traces

    def turns(self, chat: str) -> Any:
        asked = Turn.objects.filter(flow=self.doors.flow_id, via=Via.FLOWISE)
        return asked.filter(conversation=self.conversation(chat)).select_related("run")

    def _number(self, kind: str, name: str) -> uuid.UUID:
        if len(name) > LONGEST_ID:
            raise ApiError("invalid", f"A {kind}'s id may have {LONGEST_ID} characters.", 400)
        whose = "key" if self.asker else "public"
        return uuid.uuid5(OURS, f"{whose}:{self.doors.flow_id}:{kind}:{name}")


def enter(request: HttpRequest, flow_id: str, *, with_key: bool = False) -> Caller:
    """``ApiError`` 404 where no door is open, 403 for a site that is not listed, 401 without a key where one is needed."""
    doors = look(request, flow_id)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    asker = asker_from_key(token) if token else None
    if token and asker is None:
        raise ApiError("unauthenticated", "This API key is unknown or was revoked.", 401)
    if asker and not Flow.objects.visible_to(asker).filter(pk=doors.flow_id).exists():
        raise no_flow(flow_id)
    if asker and not asker.can_run:
        raise ApiError("forbidden", "This key may look at flows but not run them.", 403)
    if asker is None and (with_key or not doors.flowise_public):
        raise ApiError("unauthenticated", "Send an API key as 'Authorization: Bearer fb_...'.", 401)
    site = request.headers.get("Origin", "")[:200]
    return Caller(doors, asker, site, request.META.get("REMOTE_ADDR", ""))


def look(request: HttpRequest, flow_id: str) -> Doors:
    """The open doors of a flow, for whichever page of a listed site asks; what needs no key stops here."""
    doors = open_doors(flow_id)
    if doors is None:
        raise no_flow(flow_id)
    origin = request.headers.get("Origin", "")
    if origin and not may_ask(request, doors, origin):
        raise ApiError("forbidden", "This site may not show this chatbot; its owner lists the sites.", 403)
    request.flowise_origin = origin  # type: ignore[attr-defined]
    return doors


def may_ask(request: HttpRequest, doors: Doors, origin: str) -> bool:
    return allows(doors, origin) or is_ours(origin, request.get_host())


def open_doors(flow_id: str) -> Doors | None:
    try:
        wanted = uuid.UUID(flow_id)
    except ValueError:
        return None
    live = Doors.objects.filter(flow=wanted, flowise=True, flow__published_version__isnull=False)
    return live.select_related("flow__published_version", "flow__workspace", "workspace").first()


def rated_here(rating_id: str) -> Rating | None:
    """A rating that came through this door."""
    try:
        wanted = uuid.UUID(rating_id)
    except ValueError:
        return None
    return Rating.objects.filter(pk=wanted, person=None, run__turn__via=Via.FLOWISE).first()


def no_flow(flow_id: str) -> ApiError:
    return ApiError("not_found", f"Chatflow {flow_id[:100]} not found", 404)


def still_open(request: HttpRequest, flow_id: str) -> Callable[[], Awaitable[bool]]:
    """For answers that last: whether who was let in would be let in again."""
    return partial(sync_to_async(_lets_in), request, flow_id)


def _lets_in(request: HttpRequest, flow_id: str) -> bool:
    try:
        enter(request, flow_id)
    except ApiError:
        return False
    return True
