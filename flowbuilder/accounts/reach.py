"""How far an asker reaches who is let in to one thing of a workspace: that thing and what it owns, nothing else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

OWNERS = {"flow": "flows.Flow", "model": "modelhub.Model", "base": "knowledge.KnowledgeBase"}
"""The models of the kinds of things that there are. A flow's runs, ratings, ... are its own, in whatever app they
are; of a model and a base it is what their own app keeps."""


@dataclass(frozen=True)
class Thing:
    kind: str
    """A key of ``OWNERS``."""
    id: uuid.UUID


def within(rows: models.QuerySet[Any], thing: Thing) -> models.QuerySet[Any]:
    lookup = _lookup(rows.model, thing.kind)
    return rows.none() if lookup is None else rows.filter(**{lookup: thing.id})


@cache
def _lookup(model: type[models.Model], kind: str) -> str | None:
    """How rows of the model say whose they are; None where they are nobody's of this kind."""
    owner = apps.get_model(OWNERS[kind])
    if model is owner:
        return "pk"
    field = {field.name: field for field in model._meta.get_fields()}.get(kind)
    if field is None or field.related_model is not owner:
        return None
    same_app = model._meta.app_label == owner._meta.app_label
    return f"{kind}_id" if kind == "flow" or same_app else None
