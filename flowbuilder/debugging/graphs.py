"""What a flow's graph says of the bases that it searches, and the changes that debugging makes to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import Graph, nodes_within
from flowbuilder.engine.leading import leading_to_reply
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import KnowledgeBase
from nodes.knowledge.looking import Looking

RETRIEVE = "knowledge.retrieve"
REPLY = "flow.reply"
MOST_FLOWS = 500


def flows_using(base: KnowledgeBase, asker: Asker) -> list[Flow]:
    """Flows of the asker whose draft searches this base, the newest first."""
    only = KnowledgeBase.objects.filter(workspace_id=base.workspace_id).count() == 1
    flows = Flow.objects.visible_to(asker).order_by("-updated_at")[:MOST_FLOWS]
    return [flow for flow in flows if retrievers(flow.graph, base, only=only)]


def retrievers(graph: dict[str, Any], base: KnowledgeBase, *, only: bool) -> list[str]:
    """Paths of the nodes that search the base; ``only`` says that an empty name means it, too."""
    names = {str(base.pk), base.name} | ({""} if only else set())
    return [
        path
        for path, node in nodes_within(graph)
        if node.get("type") == RETRIEVE and names & searched(node.get("settings") or {})
    ]


def searched(settings: dict[str, Any]) -> set[str]:
    also = settings.get("also")
    return {str(settings.get("base") or ""), *(str(name) for name in also or () if name)}


def base_of(graph: dict[str, Any], workspace_id: uuid.UUID) -> KnowledgeBase | None:
    """The first base that the graph searches."""
    bases = list(KnowledgeBase.objects.filter(workspace_id=workspace_id))
    for _, node in nodes_within(graph):
        if node.get("type") == RETRIEVE:
            name = str((node.get("settings") or {}).get("base") or "")
            matching = [base for base in bases if name in {str(base.pk), base.name} or not name]
            if len(matching) == 1:
                return matching[0]
    return None


def looking_of(graph: dict[str, Any], nodes: Iterable[str]) -> Looking:
    """How the first of these nodes looks; the defaults where there is none, or its settings are wrong."""
    for path, node in nodes_within(graph):
        if path in set(nodes):
            known = {name: value for name, value in node["settings"].items() if name in Looking.model_fields}
            try:
                return Looking.model_validate(known)
            except ValueError:
                return Looking()
    return Looking()


def looking_so(graph: dict[str, Any], nodes: Iterable[str], looking: Looking) -> dict[str, Any]:
    """The graph with other settings of the search in these nodes."""
    changed = deepcopy(graph)
    for path, node in nodes_within(changed):
        if path in set(nodes):
            node["settings"] = {**node.get("settings", {}), **looking.model_dump(mode="json")}
    return changed


def answering_directly(graph: dict[str, Any], nodes: Iterable[str]) -> dict[str, Any] | None:
    """The graph in which these nodes give people's own answers straight to the Reply; None where they all do."""
    wanted = set(nodes) & leading_to_reply(Graph.model_validate(graph))
    changed, done = deepcopy(graph), True
    replies = [node["id"] for node in changed["nodes"] if node["type"] == REPLY]
    for node in changed["nodes"]:
        if node["id"] not in wanted:
            continue
        settings = node.setdefault("settings", {})
        done &= settings.get("answer_directly") is True
        settings["answer_directly"] = True
        for reply in replies:
            ends = {"source": node["id"], "source_port": "answer", "target": reply, "target_port": "content"}
            if not any(ends.items() <= wire.items() for wire in changed["wires"]):
                # First: of several wires into one port the first that is taken counts.
                changed["wires"].insert(0, {"id": f"{node['id']}-answer-{reply}"[:200], **ends})
                done = False
    return None if done else changed


def answering_flow(base: KnowledgeBase) -> dict[str, Any]:
    """The smallest flow that answers from a base: found, put into a prompt, answered by the shipped model."""
    return {
        "nodes": [
            _node("start_1", "flow.start", 0, {}),
            _node("retrieve_1", RETRIEVE, 300, {"base": str(base.pk), "answer_directly": True}),
            _node("prompt_1", "text.prompt", 600, {}),
            _node("model_1", "language.local_model", 900, {"temperature": 0}),
            _node("reply_1", REPLY, 1200, {}),
        ],
        "wires": [
            _wire("w1", "start_1", "out", "retrieve_1", "question"),
            _wire("w2", "retrieve_1", "answer", "reply_1", "content"),
            _wire("w3", "retrieve_1", "out", "prompt_1", "context"),
            _wire("w4", "start_1", "out", "prompt_1", "question"),
            _wire("w5", "prompt_1", "out", "model_1", "prompt"),
            _wire("w6", "model_1", "out", "reply_1", "content"),
        ],
        "notes": [],
    }


def _node(node: str, kind: str, x: int, settings: dict[str, Any]) -> dict[str, Any]:
    return {"id": node, "type": kind, "settings": settings, "position": {"x": x, "y": 100}}


def _wire(wire: str, source: str, port: str, target: str, into: str) -> dict[str, Any]:
    return {"id": wire, "source": source, "source_port": port, "target": target, "target_port": into}
