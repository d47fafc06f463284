"""The life of one node in a run: every attempt of it, as events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from flowbuilder.engine.attempt import Outcome, Reporter, perform
from flowbuilder.engine.compiled import ERROR, Part
from flowbuilder.engine.events import Event
from flowbuilder.engine.offering import offer
from flowbuilder.engine.ports import OFFER
from flowbuilder.engine.scope import as_inputs
from flowbuilder.engine.values import as_json, to_json
from nodes.base import Context, NodeError, Retryable, Waiting
from nodes.tools.tool_node import ToolNode
from nodes.types import Failure

log = logging.getLogger(__name__)
BACK_OFF = 0.5
"""Seconds before the second attempt; doubles with each further one."""

Send = Callable[[Event], Awaitable[None]]


class Life:
    """``values`` holds what the node gave once its ``node.finished`` (or a failure that its port takes) is sent."""

    def __init__(
        self, part: Part, path: str, *, send: Send, context: Callable[[Reporter], Context], earlier: int
    ) -> None:
        self.part = part
        self.path = path
        self.send = send
        self.context = context
        self.earlier = earlier
        """Attempts that were made in earlier lives of the run."""
        self.values: dict[str, Any] = {}

    async def live(self, given: Mapping[str, Any]) -> None:
        node = self.part.node
        for attempt in range(1, node.attempts + 1):
            number = self.earlier + attempt
            try:
                taken = as_inputs(self.part, given)
                await self._put("node.started", {"inputs": to_json(taken), "attempt": number})
                outcome = await self._outcome(taken)
            except Retryable as error:
                if attempt < node.attempts:
                    pause = BACK_OFF * 2 ** (attempt - 1)
                    await self._put(
                        "node.retrying", {"attempt": number, "in_seconds": pause, "error": str(error)}
                    )
                    await asyncio.sleep(pause)
                    continue
                return await self.fail(f"{error} (tried {attempt} times)")
            except Waiting as wait:
                return await self._put("node.waiting", {"key": wait.key, "about": to_json(wait.about)})
            except NodeError as error:
                return await self.fail(str(error))
            except TimeoutError:
                return await self.fail(f"It took longer than {node.timeout:g} s.")
            except Exception:
                # A defect of the node, not of the flow: the trace belongs in the log, not on the page.
                log.exception("node %s (%s) broke", self.path, type(node).__name__)
                return await self.fail("It broke with an internal error; see the log.")
            self.values = outcome.values
            if ERROR in self.part.outputs:
                self.values[ERROR.name] = None
            outputs = as_json(self.part.outputs, self.values)
            data = {"outputs": outputs, "seconds": outcome.seconds, "usage": outcome.usage}
            return await self._put("node.finished", data)

    async def _outcome(self, given: dict[str, Any]) -> Outcome:
        """One attempt; a node that only offers itself to a model does nothing but that."""
        node, outcome = self.part.node, Outcome({}, 0.0)
        if not self.part.only_offers:
            outcome = await perform(node, given, self.context, self._put)
        if self.part.offers and isinstance(node, ToolNode):
            async with asyncio.timeout(node.timeout):
                context = self.context(lambda kind, data: None)
                outcome.values[OFFER] = await offer(node, self.part.spec, given, context)
        return outcome

    async def fail(self, error: str) -> None:
        event, self.values = failed(self.part, self.path, error, self.path)
        await self.send(event)

    async def _put(self, type_: str, data: dict[str, Any]) -> None:
        await self.send(Event(type_, self.path, data))


def failed(part: Part, path: str, error: str, where: str) -> tuple[Event, dict[str, Any]]:
    """The event of a failure, and the values with which the run goes on where the node has a port for it."""
    if ERROR not in part.outputs:
        return Event("node.failed", path, {"error": error}), {}
    values: dict[str, Any] = {port.name: None for port in part.outputs}
    values[ERROR.name] = Failure(message=error, node=where)
    return Event("node.failed", path, {"error": error, "outputs": to_json(values)}), values
