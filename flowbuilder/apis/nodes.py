"""API descriptions for nodes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.db import models

from flowbuilder.apis import finding
from flowbuilder.apis.models import Operation
from nodes import base
from nodes.base import NodeError

MOST_NAMED = 12


@dataclass(frozen=True)
class NodeApis:
    """``nodes.base.Apis`` for the nodes of one workspace."""

    workspace_id: uuid.UUID

    async def operation(self, ref: str, question: str = "") -> base.Operation:
        return await sync_to_async(self._operation)(ref, question)

    def _operation(self, ref: str, question: str) -> base.Operation:
        there = Operation.objects.filter(workspace_id=self.workspace_id)
        found = named(there, ref) if ref else _asked(list(there.light()), question)
        if found is None:
            raise NodeError(_missing(list(there.light()[: MOST_NAMED + 1]), ref, question))
        return Operation.objects.select_related("description").get(pk=found).as_node_s()


def named(there: models.QuerySet[Operation], ref: str) -> uuid.UUID | None:
    """The operation that ``Deliveries: GET /parcels`` or ``Deliveries: listParcels`` names."""
    name, _, rest = ref.partition(": ")
    method, _, path = rest.strip().partition(" ")
    own = there.filter(description__name=name.strip())
    by_path = own.filter(method=method.upper(), path=path.strip())
    by_id = own.filter(operation_id=rest.strip()).exclude(operation_id="")
    found: uuid.UUID | None = (by_path if path else by_id).values_list("pk", flat=True).first()
    return found


def _asked(listed: list[Operation], question: str) -> uuid.UUID | None:
    if len(listed) == 1:
        only: uuid.UUID = listed[0].pk
        return only
    best = finding.nearest(listed, question)
    return best[0].pk if best else None


def _missing(listed: list[Operation], ref: str, question: str) -> str:
    refs = [operation.ref for operation in listed[:MOST_NAMED]]
    there = "; ".join(refs) + ("; ..." if len(listed) > MOST_NAMED else "")
    if not listed:
        return "This workspace has no API descriptions: import one under Knowledge, APIs."
    if ref:
        return f"There is no operation '{ref}' in this workspace. There is: {there}."
    return f"No operation is about '{question[:200]}'. Set 'operation', or name one of: {there}."
