"""The socket of an open editor: tells what happened to the draft, and who else is there. It changes nothing itself."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from pydantic import ValidationError

from flowbuilder.accounts.lasting import stop, until_refused
from flowbuilder.accounts.letting_in import Where
from flowbuilder.accounts.services import asker_from_session
from flowbuilder.flows.editing.presence import Look, person
from flowbuilder.flows.editing.telling import group_of
from flowbuilder.flows.models import Flow

NOT_YOURS, NOT_UNDERSTOOD = 4404, 4400
LONGEST = 32_768
QUICKEST = 0.02
"""Seconds between two looks; those between are let go, the next one tells all of it again."""


class FlowConsumer(AsyncWebsocketConsumer):
    """Receives a ``Look`` whenever it changes; sends ``hello``, then ``edits``, ``revision``, ``look``, ``left``, ``rights``."""

    watching: asyncio.Task[None] | None = None
    joined = False

    async def connect(self) -> None:
        self.flow_id = self.scope["url_route"]["kwargs"]["flow_id"]
        self.id, self.look, self.looked = uuid.uuid4().hex[:12], Look(), 0.0
        standing = await self._standing()
        if standing is None:
            await self.close(code=NOT_YOURS)
            return
        self.standing = standing
        await self.accept()
        await self.channel_layer.group_add(group_of(self.flow_id), self.channel_name)
        self.joined = True
        await self._say({"type": "hello", "id": self.id, **standing})
        await self._tell({**self._presence(), "joined": self.channel_name})
        self.watching = asyncio.create_task(self._watch())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            look = Look.model_validate_json((text_data or "")[: LONGEST + 1])
        except ValidationError:
            await self.close(code=NOT_UNDERSTOOD)
            return
        if time.monotonic() - self.looked < QUICKEST:
            return
        self.look, self.looked = look, time.monotonic()
        await self._tell(self._presence())

    async def flow_told(self, event: dict[str, Any]) -> None:
        """Something that was told to the flow's group."""
        message = dict(event["message"])
        if event.get("by") == self.channel_name:
            return
        newcomer = message.pop("joined", None)
        await self._say(message)
        if newcomer:
            answer = {"type": "flow.told", "message": self._presence()}
            await self.channel_layer.send(newcomer, answer)

    def _presence(self) -> dict[str, Any]:
        user = {name: self.standing[name] for name in ("person", "name", "colour", "can_edit")}
        return {"type": "look", "id": self.id, **user, **self.look.model_dump()}

    async def _tell(self, message: dict[str, Any]) -> None:
        await self.channel_layer.group_send(
            group_of(self.flow_id), {"type": "flow.told", "message": message, "by": self.channel_name}
        )

    async def _say(self, message: dict[str, Any]) -> None:
        await self.send(json.dumps(message))

    async def _watch(self) -> None:
        await until_refused(self._still_there)
        await self.close(code=NOT_YOURS)

    async def _still_there(self) -> bool:
        """Asked every few seconds: whether they may still see it, and what the channel layer may have lost."""
        standing = await self._standing()
        if standing is None:
            return False
        if standing["can_edit"] != self.standing["can_edit"]:
            await self._say({"type": "rights", "can_edit": standing["can_edit"]})
        self.standing = standing
        await self._say({"type": "revision", "revision": standing["revision"]})
        # A group's members are forgotten after a day, and when Redis is emptied.
        await self.channel_layer.group_add(group_of(self.flow_id), self.channel_name)
        await self._tell(self._presence())
        return True

    async def _standing(self) -> dict[str, Any] | None:
        return await sync_to_async(self._read)(self.scope["session"].session_key)

    def _read(self, session: str | None) -> dict[str, Any] | None:
        # In one visit to the database's thread: all sockets ask this again and again.
        asker = asker_from_session(session, Where.of_socket("ws/flows/<flow_id>", self.scope))
        found = (
            Flow.objects.visible_to(asker).filter(pk=self.flow_id).values_list("revision", flat=True).first()
        )
        if found is None or asker is None:
            return None
        return {"revision": found, "can_edit": asker.can_edit, **person(asker.user)}

    async def disconnect(self, code: int) -> None:
        await stop(self.watching)
        if self.joined:
            await self.channel_layer.group_discard(group_of(self.flow_id), self.channel_name)
            await self._tell({"type": "left", "id": self.id})
