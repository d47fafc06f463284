"""A question to a base: searched in one way or two, and answered by a flow as a real run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async

from flowbuilder.accounts.models import Asker
from flowbuilder.debugging.graphs import looking_so, retrievers
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import KnowledgeBase, Passage
from flowbuilder.knowledge.retrieval.asking import ask
from flowbuilder.knowledge.retrieval.matched import marked
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import Run
from nodes.knowledge.looking import Looking


@dataclass(frozen=True)
class Side:
    """One way of looking, and what it found."""

    looking: Looking
    found: dict[str, Any]

    @property
    def spent(self) -> float:
        return round(sum(step["ms"] for step in self.found["steps"]), 1)


async def look(base: KnowledgeBase, question: str, looking: Looking) -> Side:
    found = await ask([base], question, looking)
    for hit in found["hits"]:
        hit["marked"] = marked(hit["text"], hit["words"])
    return Side(looking, found)


def answer(*, asker: Asker, base: KnowledgeBase, flow: Flow, question: str, looking: Looking | None) -> Run:
    """Start the flow's draft; an editor's with the search as it is set in the pane."""
    graph = None
    if looking is not None and asker.can_edit:
        only = KnowledgeBase.objects.filter(workspace_id=base.workspace_id).count() == 1
        graph = looking_so(flow.graph, retrievers(flow.graph, base, only=only), looking)
    return runs.submit(asker=asker, flow=flow, inputs={"question": question}, graph=graph)


async def start(**asked: Any) -> Run:
    return await sync_to_async(answer)(**asked)


def passages_of(base: KnowledgeBase, ids: list[int]) -> list[Passage]:
    return list(Passage.objects.filter(base=base, pk__in=ids).select_related("document"))
