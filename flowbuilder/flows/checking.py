"""Checks a graph as the engine does, and whether what its settings point at is there in the workspace."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice

from flowbuilder.accounts.models import Asker, Role
from flowbuilder.apis.models import Operation
from flowbuilder.apis.nodes import named
from flowbuilder.engine.graph import Graph, Mode
from flowbuilder.engine.problem import Problem
from flowbuilder.flows.bounds import beyond
from flowbuilder.flows.calls import checked
from flowbuilder.flows.models import Flow
from flowbuilder.flows.references import Reference, references_of
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.modelhub.registry import resolve
from flowbuilder.secrets.models import Secret
from nodes.base import NodeError

Lacks = Callable[[Asker, str], str]
"""Why a reference leads to nothing; empty where it leads to something."""
NAMES = {
    "model": "model",
    "knowledge": "knowledge base",
    "dataset": "dataset",
    "operation": "operation",
    "secret": "secret",
}
MOST_NAMED = 8


def check(graph: Graph, asker: Asker, flow: Flow | None = None) -> list[Problem]:
    """Every problem, errors first; that of a node in a group names it by its path. Calls of flows are checked with the engine."""
    if asker.only and flow:
        return _for_a_guest(graph, asker, flow)
    _, found = checked(graph, workspace_id=asker.workspace.pk, flow=flow)
    found += _references(graph, cache(lambda kind, ref: LACKS[kind](asker, ref)), "")
    found += _empty_bases(graph, asker)
    return sorted(found, key=lambda problem: problem.severity)


def _for_a_guest(graph: Graph, asker: Asker, flow: Flow) -> list[Problem]:
    """Told without naming what else the workspace has."""
    if beyond_them := list(beyond(asker, flow, graph.model_dump(mode="json"))):
        return beyond_them
    _, found = checked(graph, workspace_id=asker.workspace.pk, flow=flow)
    member = Asker(user=None, workspace=asker.workspace, role=Role.VIEWER)

    def lacks(kind: str, ref: str) -> str:
        return LACKS[kind](member, ref) and f"The {NAMES[kind]} '{ref}' is not there any more."

    found += _references(graph, cache(lacks), "")
    return sorted(found, key=lambda problem: problem.severity)


def _references(graph: Graph, lacks: Callable[[str, str], str], at: str) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.mode is not Mode.ON:
            continue
        for reference in references_of(node.type, node.settings):
            if problem := _problem(reference, lacks):
                code, message = problem
                yield Problem(f"{at}{node.id}", "", code, message, setting=reference.setting)
        if node.body:
            yield from _references(node.body, lacks, f"{at}{node.id}/")


def _problem(reference: Reference, lacks: Callable[[str, str], str]) -> tuple[str, str] | None:
    if reference.kind not in LACKS:
        return None
    name = NAMES[reference.kind]
    if not reference.ref:
        return ("unconfigured", f"Choose the {name} ('{reference.setting}').") if reference.needed else None
    why = lacks(reference.kind, reference.ref)
    return ("missing", f"{why} ('{reference.setting}')") if why else None


def _empty_bases(graph: Graph, asker: Asker) -> Iterator[Problem]:
    """A warning: the run finds nothing, and what comes of that looks like a fault of another node."""
    for node in graph.nodes:
        for reference in references_of(node.type, node.settings):
            if node.mode is not Mode.ON or reference.kind != "knowledge" or not _is_id(reference.ref):
                continue
            base = KnowledgeBase.objects.visible_to(asker).filter(pk=reference.ref).first()
            if base and not base.documents.exists() and not base.passages.exists():
                message = f"The knowledge base '{base.name}' is empty. Upload documents on its page, under Knowledge."
                yield Problem(node.id, "", "empty", message, severity="warning", setting=reference.setting)


def _no_model(asker: Asker, ref: str) -> str:
    try:
        resolve(asker.workspace.pk, ref)
    except NodeError as error:
        return str(error)
    return ""


def _no_base(asker: Asker, ref: str) -> str:
    bases = KnowledgeBase.objects.visible_to(asker)
    if _is_id(ref) and bases.filter(pk=ref).exists():
        return ""
    return _none("knowledge base", "that was chosen", bases.order_by("name").values_list("name", flat=True))


def _no_operation(asker: Asker, ref: str) -> str:
    there = Operation.objects.filter(description__workspace=asker.workspace)
    if named(there, ref) is not None:
        return ""
    return _none(
        "operation",
        f"'{ref}'",
        (operation.ref for operation in there.select_related("description")[:MOST_NAMED]),
    )


def _no_secret(asker: Asker, ref: str) -> str:
    secrets = Secret.objects.visible_to(asker)
    return (
        ""
        if secrets.filter(name=ref).exists()
        else _none("secret", f"'{ref}'", secrets.values_list("name", flat=True))
    )


def _none(what: str, which: str, there: Iterable[object]) -> str:
    names = [str(name) for name in islice(there, MOST_NAMED)]
    return f"There is no {what} {which} in this workspace. There is: {', '.join(names) or 'none yet'}."


def _is_id(ref: str) -> bool:
    try:
        uuid.UUID(ref)
    except ValueError:
        return False
    return True


LACKS: dict[str, Lacks] = {
    "model": _no_model,
    "knowledge": _no_base,
    "operation": _no_operation,
    "secret": _no_secret,
}
"""By kind of reference. Apps above this layer add their own when they are ready."""
