"""``nodes.base.Knowledge`` for the nodes of one workspace."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async

from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.knowledge.retrieval.asking import ask
from nodes.base import NodeError
from nodes.knowledge.looking import Looking
from nodes.types import Found, KeptAnswer, Passage, Passages

TOLD = ("text", "source", "score", "passage_id", "document_id", "heading", "start", "end")


@dataclass(frozen=True)
class NodeKnowledge:
    workspace_id: uuid.UUID

    async def search(self, bases: Sequence[str], question: str, looking: Looking) -> Found:
        found = await ask(await sync_to_async(self._bases)(bases), question, looking)
        passages = tuple(Passage(**{name: hit[name] for name in TOLD}) for hit in found["hits"])
        return Found(
            passages=Passages(items=passages),
            kept=KeptAnswer(**found["kept"]) if found["kept"] else None,
            facts=facts_of(found),
        )

    def _bases(self, wanted: Sequence[str]) -> list[KnowledgeBase]:
        """Each once. An empty name among others is none."""
        known = list(KnowledgeBase.objects.filter(workspace_id=self.workspace_id))
        named = [name for name in wanted if name] or [""]
        return list({base.pk: base for base in (self._base(name, known) for name in named)}.values())

    def _base(self, wanted: str, known: list[KnowledgeBase]) -> KnowledgeBase:
        matching = [base for base in known if wanted in {str(base.pk), base.name} or not wanted]
        if len(matching) == 1:
            return matching[0]
        there = ", ".join(base.name for base in known) or "none yet"
        wish = (
            f"There is no knowledge base '{wanted}'"
            if wanted
            else "Choose a knowledge base in the node's settings"
        )
        raise NodeError(f"{wish}. This workspace has: {there}.")


def facts_of(found: dict[str, Any]) -> dict[str, Any]:
    """What the trace keeps of a search: not the passages' texts a second time."""
    parts = [
        {"passage_id": hit["passage_id"], "score": hit["score"], "words": hit["words"], **hit["parts"]}
        for hit in found["hits"]
    ]
    kept = found["kept"] and {"question": found["kept"]["question"], "score": found["kept"]["score"]}
    rest = {name: found[name] for name in ("steps", "why_not_meaning", "notes", "tokens")}
    return {"hits": parts, "kept": kept, **rest}
