"""Datasets for nodes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import editing, services
from flowbuilder.datasets.collecting import Wanted, collect
from flowbuilder.datasets.models import Dataset, Kind, Origin
from flowbuilder.feedback.pairs import flows_named
from flowbuilder.tables.shapes import shaped
from nodes.base import DatasetRows, NodeError
from nodes.data.synthesis import prompt_of


@dataclass(frozen=True)
class NodeDatasets:
    """``nodes.base.Datasets`` for the nodes of one workspace."""

    workspace_id: uuid.UUID

    async def rows(self, ref: str, splits: Sequence[str]) -> DatasetRows:
        version, rows = await sync_to_async(services.rows_for)(self.workspace_id, ref, splits)
        return DatasetRows(ref=version.ref, kind=version.dataset.kind, rows=tuple(rows))

    async def collect(self, *, dataset: str, kind: str, flow: str, agreement: float) -> str:
        return await sync_to_async(self._collect)(dataset, kind, flow, agreement)

    def _collect(self, name: str, kind: str, flow: str, agreement: float) -> str:
        try:
            found = self._dataset(name, kind)
            flows = [each.pk for each in flows_named(self.workspace_id, flow)] if flow else []
            collect(dataset=found, wanted=Wanted(flows=flows, agreement=agreement))
            found.refresh_from_db()
            if found.newest and not found.differs:
                return f"{found.name}@{found.newest}"
            return services.freeze(dataset=found, note=f"collected from {flow or 'every flow'}").ref
        except ApiError as error:
            raise NodeError(error.message) from error

    async def add_synthetic(
        self, *, dataset: str, kind: str, rows: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        return await sync_to_async(self._add_synthetic)(dataset, kind, rows)

    def _add_synthetic(self, ref: str, kind: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        found = Dataset.objects.filter(workspace_id=self.workspace_id, name=ref.partition("@")[0]).first()
        if found is None:
            raise NodeError(services.missing(self.workspace_id, ref))
        away = []
        for row in rows:
            try:
                shape = shaped(found.kind, as_kind(found.kind, kind, row["content"]))
            except ValueError as error:
                raise NodeError(f"Dataset '{found.name}' holds {found.kind} rows: {error}.") from error
            source = {"generator": row["generator"], "seed_text": prompt_of(row["seed"])[:500]}
            incoming = editing.Incoming(shape, Origin.SYNTHETIC, source)
            if editing.add(dataset=found, rows=[incoming]).held_out:
                away.append(row["content"])
        return away

    def _dataset(self, name: str, kind: str) -> Dataset:
        found = Dataset.objects.filter(workspace_id=self.workspace_id, name=name).first()
        if found is None:
            return services.create_dataset(workspace_id=self.workspace_id, name=name, kind=kind)
        if found.kind != kind:
            raise NodeError(
                f"Dataset '{name}' holds {found.kind} rows, and this node collects {kind} rows: change its 'kind', or "
                "name another dataset."
            )
        return found


def as_kind(wanted: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """A question and its answer are the same row, as a conversation or as a completion."""
    if wanted == Kind.COMPLETION and kind == Kind.MESSAGES and len(content["messages"]) == 2:
        question, answer = content["messages"]
        return {"prompt": question["content"], "completion": answer["content"]}
    return content
