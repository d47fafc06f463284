"""Brings flows of files into a workspace: all of them, or none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from flowbuilder.accounts.models import Asker
from flowbuilder.engine.validate import Problem
from flowbuilder.flows import services
from flowbuilder.flows.calls import checked
from flowbuilder.flows.files.reading import FlowFile
from flowbuilder.flows.files.writing import as_file, layout_of
from flowbuilder.flows.models import Flow


class Existing(StrEnum):
    """What becomes of a flow that is here already, known by its slug."""

    COPY = "copy"
    """It stays as it is, and the file makes another flow."""
    REPLACE = "replace"
    """Its draft becomes what the file says; its versions stay."""
    KEEP = "keep"
    """It stays as it is, and the file is left out."""


class Done(StrEnum):
    MADE = "made"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True)
class Taken:
    file: str
    flow: Flow
    done: Done
    problems: tuple[Problem, ...]
    """What keeps it from running here, and warnings."""


@transaction.atomic
def take(*, asker: Asker, files: list[FlowFile], existing: Existing = Existing.COPY) -> list[Taken]:
    return [_take(asker, file, existing) for file in files]


def _take(asker: Asker, file: FlowFile, existing: Existing) -> Taken:
    slug = slugify(file.slug)[:80]
    known = Flow.objects.visible_to(asker).select_for_update().filter(slug=slug).first() if slug else None
    graph = file.graph.model_dump(mode="json")
    if known is None or existing == Existing.COPY:
        flow, done = services.create_flow(asker=asker, name=file.name, graph=graph, slug=slug), Done.MADE
    elif existing == Existing.KEEP:
        flow, done = known, Done.KEPT
    elif _same(known, file):
        flow, done = known, Done.UNCHANGED
    else:
        flow = services.save_draft(flow=known, graph=graph, revision=known.revision, name=file.name)
        done = Done.REPLACED
    graph_now = services.parse_graph(flow.graph)
    _, found = checked(graph_now, workspace_id=flow.workspace_id, flow=flow)
    return Taken(file.file, flow, done, tuple(found))


def _same(flow: Flow, file: FlowFile) -> bool:
    """Pins and breakpoints that somebody has set here do not count, and stay."""
    return flow.name == file.name and _saved(services.parse_graph(flow.graph)) == _saved(file.graph)


def _saved(graph: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return as_file("", "", graph), layout_of(graph)
