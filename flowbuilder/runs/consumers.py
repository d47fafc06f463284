"""The socket of a run: authorises, then forwards."""

import asyncio
import contextlib
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from flowbuilder.accounts.services import asker_from_scope
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Run


class RunConsumer(AsyncJsonWebsocketConsumer):
    """Receives ``{"after": n}``, sends every event numbered above n."""

    forwarding: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        self.run_id = self.scope["url_route"]["kwargs"]["run_id"]
        asker = await asker_from_scope(self.scope)
        if asker and await Run.objects.visible_to(asker).filter(pk=self.run_id).aexists():
            await self.accept()
        else:
            await self.close(code=4404)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        after = content.get("after", 0) if isinstance(content, dict) else 0
        await self.disconnect(1000)
        self.forwarding = asyncio.create_task(self._forward(after if isinstance(after, int) else 0))

    async def _forward(self, after: int) -> None:
        async for event in follow(self.run_id, after):
            await self.send_json(event)

    async def disconnect(self, code: int) -> None:
        if self.forwarding is not None:
            self.forwarding.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.forwarding
