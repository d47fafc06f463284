"""The socket of a run: authorises, then forwards."""

import asyncio
import json

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from pydantic import BaseModel, Field, ValidationError

from flowbuilder.accounts.lasting import stop, until_refused
from flowbuilder.accounts.letting_in import Where
from flowbuilder.accounts.services import asker_from_session
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Run
from flowbuilder.translation.errors import in_answer
from flowbuilder.translation.sockets import language_of

NOT_YOURS, NOT_UNDERSTOOD = 4404, 4400


class Ask(BaseModel):
    after: int = Field(0, ge=0, lt=10**10, strict=True)


class Nowhere(AsyncWebsocketConsumer):
    """Where no socket is."""

    async def connect(self) -> None:
        await self.close(code=NOT_YOURS)


class RunConsumer(AsyncWebsocketConsumer):
    """Receives ``{"after": n}``, sends every event numbered above n, as long as the asker may see the run."""

    forwarding: "asyncio.Task[None] | None" = None
    watching: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        self.run_id = self.scope["url_route"]["kwargs"]["run_id"]
        if await self._allowed():
            await self.accept()
            self.watching = asyncio.create_task(self._watch())
        else:
            await self.close(code=NOT_YOURS)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await stop(self.forwarding)
        try:
            ask = Ask.model_validate_json(text_data or "")
        except ValidationError:
            await self.close(code=NOT_UNDERSTOOD)
        else:
            self.forwarding = asyncio.create_task(self._forward(ask.after))

    async def _forward(self, after: int) -> None:
        language = language_of(self.scope)
        async for event in follow(self.run_id, after):
            await self.send(json.dumps(in_answer(event, language)))

    async def _watch(self) -> None:
        await until_refused(self._allowed)
        await stop(self.forwarding)
        await self.close(code=NOT_YOURS)

    async def _allowed(self) -> bool:
        return await sync_to_async(self._sees)(self.scope["session"].session_key)

    def _sees(self, session: str | None) -> bool:
        # In one visit to the database's thread: all sockets ask this again and again.
        asker = asker_from_session(session, Where.of_socket("ws/runs/<run_id>", self.scope))
        return Run.objects.visible_to(asker).filter(pk=self.run_id).exists()

    async def disconnect(self, code: int) -> None:
        await stop(self.watching)
        await stop(self.forwarding)
