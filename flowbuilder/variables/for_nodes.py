"""``nodes.services.variables.Variables`` for the nodes of one run."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async

from flowbuilder.flows.models import Environment
from flowbuilder.variables.models import Scope
from flowbuilder.variables.services import Place, Refused, change, read
from nodes.base import NodeError


@dataclass(frozen=True)
class NodeVariables:
    workspace_id: uuid.UUID
    flow_id: uuid.UUID
    run_id: uuid.UUID
    session: str
    environment: str = Environment.DRAFT

    async def read(self, scope: str, name: str) -> Any:
        return await sync_to_async(read)(self._place(scope), name)

    async def change(self, scope: str, name: str, changed: Callable[[Any], Any]) -> Any:
        try:
            return await sync_to_async(change)(self._place(scope), name, changed)
        except Refused as refused:
            raise NodeError(str(refused)) from refused

    def _place(self, scope: str) -> Place:
        """A run without a session is a session of its own."""
        if scope == Scope.WORKSPACE:
            return Place(self.workspace_id, environment=self.environment)
        whose = (
            f"{self.flow_id}:{self.session or self.run_id}" if scope == Scope.SESSION else str(self.run_id)
        )
        return Place(self.workspace_id, scope, whose, self.flow_id)
