"""What can be shared: found by what a path names, told by name and address.

These apps stand above this layer, so that their models are named, not imported.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.urls import reverse

from flowbuilder.accounts.reach import OWNERS, Thing


@dataclass(frozen=True)
class Named:
    """A parameter of paths that leads to a thing."""

    kind: str
    model: str = ""
    """Whose id it is; empty where it is the thing's own."""
    field: str = ""
    """Of that model, the thing's id."""
    by: str = "pk"
    """Of that model, what the parameter holds; what goes by a name may go by its id too."""

    def ids(self, value: Any) -> list[Any] | QuerySet[Any]:
        if not self.model:
            return [value]
        rows = apps.get_model(self.model).objects
        return (rows.called(value) if self.by == "name" else rows.filter(pk=value)).values(self.field)


NAMES: dict[str, Named] = {
    "flow_id": Named("flow"),
    "run_id": Named("flow", "runs.Run", "flow_id"),
    "comparison_id": Named("flow", "feedback.Comparison", "flow_id"),
    "thread_id": Named("flow", "comments.Thread", "flow_id"),
    "rating_id": Named("flow", "feedback.Rating", "flow_id"),
    "base_id": Named("base"),
    "document_id": Named("base", "knowledge.Document", "base_id"),
    "passage_id": Named("base", "knowledge.Passage", "base_id"),
    "version_id": Named("model", "modelhub.ModelVersion", "model_id"),
    "name": Named("model", "modelhub.Model", "pk", by="name"),
}
"""By parameter, as paths of pages, endpoints and sockets call them."""
PAGES = {"flow": "flows:editor", "base": "knowledge:base", "model": "modelhub:model"}


def named_by(names: Mapping[str, Any]) -> tuple[Named, Any] | None:
    """The thing that a path is about: of several parameters the first that leads to one."""
    return next(((NAMES[name], value) for name, value in names.items() if name in NAMES), None)


def model_of(kind: str) -> Any:
    return apps.get_model(OWNERS[kind])


def found(thing: Thing) -> Model | None:
    return model_of(thing.kind).objects.filter(pk=thing.id).first()


def names_of(kind: str, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict(model_of(kind).objects.filter(pk__in=ids).values_list("pk", "name"))


def address_of(kind: str, thing: uuid.UUID) -> str:
    return reverse(PAGES[kind], args=[thing])
