"""What a node may do at the gate: ask it, and let a version through that passes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Role, Workspace
from flowbuilder.evaluation import gates
from flowbuilder.evaluation.models import Evaluation
from flowbuilder.modelhub import registry
from nodes.base import NodeError


@dataclass(frozen=True)
class NodePromotion:
    """``nodes.base.Promotion`` for one run. Whoever may edit the flow decided what it promotes."""

    workspace_id: uuid.UUID
    run_id: uuid.UUID

    async def refusals(self, evaluation: str, version: str) -> list[str]:
        return await sync_to_async(self._refusals)(evaluation, version)

    async def promote(self, version: str, alias: str) -> None:
        await sync_to_async(self._promote)(version, alias)

    def _refusals(self, job: str, ref: str) -> list[str]:
        version = registry.resolve(self.workspace_id, ref)
        found = Evaluation.objects.filter(workspace_id=self.workspace_id, after=version, job_id=_uuid(job))
        evaluation = found.select_related("job", "before__model", "after__model").first()
        if evaluation is None:
            raise NodeError(f"There is no such evaluation of '{ref}' in this workspace.")
        return gates.verdict(evaluation).refusals

    def _promote(self, ref: str, alias: str) -> None:
        version = registry.resolve(self.workspace_id, ref)
        asker = Asker(None, Workspace.objects.get(pk=self.workspace_id), Role.EDITOR)
        details = {"alias": alias, "run": str(self.run_id)}
        try:
            with transaction.atomic():
                registry.set_alias(model=version.model, name=alias, number=version.number, asker=asker)
                record(asker=asker, action="gate.promoted", subject=ref, details=details)
        except ApiError as refused:
            raise NodeError(refused.message) from refused


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
