"""The socket of every open page: says when its person has lost the rights with which the page was made."""

from __future__ import annotations

import asyncio
import json
import time

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from flowbuilder.accounts.lasting import stop, until_refused
from flowbuilder.accounts.models import Asker, Membership
from flowbuilder.accounts.services import asker_from_session, stored
from flowbuilder.people.signing_in import sessions

NOT_YOURS, NOT_UNDERSTOOD, CHANGED = 4404, 4400, 4403


class StandingConsumer(AsyncWebsocketConsumer):
    """Receives nothing; sends one ``{"what": ...}`` and closes."""

    watching: asyncio.Task[None] | None = None
    what = "signed out"
    seen_until = 0.0

    async def connect(self) -> None:
        self.asker = await self._now()
        if self.asker is None:
            await self.close(code=NOT_YOURS)
            return
        await self.accept()
        self.watching = asyncio.create_task(self._watch())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.close(code=NOT_UNDERSTOOD)

    async def _watch(self) -> None:
        await until_refused(self._same)
        await self.send(json.dumps({"what": self.what}))
        await self.close(code=CHANGED)

    async def _same(self) -> bool:
        now = await self._now()
        if now is not None and self.asker is not None and now.workspace == self.asker.workspace:
            self.what = "role"
            return now.role == self.asker.role
        self.what = await sync_to_async(self._why)(now)
        return False

    def _why(self, now: Asker | None) -> str:
        """A person who is somewhere else now was removed here, or chose to go."""
        if self.asker is None or (now is None and not self._signed_in()):
            return "signed out"
        still = Membership.objects.filter(user=self.asker.user, workspace=self.asker.workspace)
        return "elsewhere" if still.exists() else "removed"

    def _signed_in(self) -> bool:
        return stored(self.scope["session"].session_key)[0].is_authenticated

    async def _now(self) -> Asker | None:
        if time.monotonic() > self.seen_until:
            self.seen_until = time.monotonic() + sessions.TO_THE.total_seconds()
            await sync_to_async(sessions.seen)(self.scope["session"].session_key)
        return await sync_to_async(asker_from_session)(self.scope["session"].session_key)

    async def disconnect(self, code: int) -> None:
        await stop(self.watching)
