"""``nodes.services.conversation.Conversation``: the earlier runs of a flow in one session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async

from flowbuilder.engine.graph import Graph
from flowbuilder.runs.forms import forms_of
from flowbuilder.runs.models import Run, Status
from flowbuilder.variables.for_nodes import NodeVariables
from nodes.services.conversation import Turn

UNSAID = {"history", "conversation"}
KEPT = "memory of "
"""Before the names of what is put aside, so that no flow's own variable is hit."""


@dataclass(frozen=True)
class NodeConversation:
    """For one run. Without a session a run is its own conversation, and nothing was said before."""

    run_id: uuid.UUID
    flow_id: uuid.UUID
    session: str
    variables: NodeVariables

    async def turns(self, most: int) -> list[Turn]:
        return await sync_to_async(self._turns)(most)

    def _turns(self, most: int) -> list[Turn]:
        if not self.session:
            return []
        answered = Run.objects.filter(flow=self.flow_id, session=self.session, status=Status.FINISHED)
        rows = answered.exclude(pk=self.run_id).exclude(reply="").order_by("-created_at")[:most]
        return [Turn(asked(row), row.reply) for row in reversed(rows)]

    async def recall(self, name: str) -> Any:
        return await self.variables.read("session", KEPT + name)

    async def keep(self, name: str, value: Any) -> None:
        await self.variables.change("session", KEPT + name, lambda _: value)


def asked(run: Run) -> str:
    """What somebody said, in words: the question, or what a form was filled in with, in the order of its fields."""
    inputs = run.inputs
    if "question" in inputs:
        return str(inputs["question"])
    # PostgreSQL keeps the keys of an object in an order of its own.
    fields = [field.name for form in forms_of(Graph.model_validate(run.graph)) for field in form.fields]
    names = [*(name for name in fields if name in inputs), *sorted(set(inputs) - {*fields, *UNSAID})]
    return "\n".join(f"{name.replace('_', ' ')}: {inputs[name]}" for name in names)
