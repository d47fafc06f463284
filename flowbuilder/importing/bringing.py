"""What a workspace file holds beside its flows: variables, documents, conversations and what people said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.importing import talking
from flowbuilder.importing.flowise.workspace import Parts, Store
from flowbuilder.importing.known import Known
from flowbuilder.knowledge import services as knowledge
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.variables import services as variables
from flowbuilder.variables.models import Scope, Variable

BETWEEN = "<<< next passage >>>"
SPLITTING = {
    "method": "delimiter",
    "delimiter": rf"\n{BETWEEN}\n",
    "unit": "characters",
    "length": 20_000,
    "overlap": 0,
    "cleaning": [],
}
"""A document of chunks is split where they ended, so that each is a passage again."""


def foreseen(parts: Parts) -> Known:
    """As ``bring`` gives it, for a preview: the bases have no ids yet."""
    return Known(
        {store.id: "" for store in parts.stores}, parts.tools, {row.id: row.name for row in parts.flows}
    )


def foretold(file: str, parts: Parts) -> dict[str, Any]:
    return {
        "file": file,
        "bases": [
            {"name": store.name, "id": None, "documents": len(store.documents), "passages": _chunks(store)}
            for store in parts.stores
        ],
        "variables": sorted(parts.variables),
        "kept": [],
        "asked_for": sorted(parts.asked_for),
        "tools": sorted(str(row.get("name") or "") for row in parts.tools.values()),
        "conversations": [
            {
                "flow": row.name,
                "dataset": None,
                "conversations": len(chats),
                "messages": sum(map(len, chats.values())),
            }
            for row in parts.flows
            if (chats := parts.conversations.get(row.id))
        ],
        "ratings": len(parts.feedback),
        "left_out": [{"what": what, "count": count} for what, count in parts.left_out.items()]
        + _homeless(parts),
    }


def _homeless(parts: Parts) -> list[dict[str, Any]]:
    known = {row.id for row in parts.flows}
    count = sum(
        len(said)
        for flow, chats in parts.conversations.items()
        if flow not in known
        for said in chats.values()
    )
    return [{"what": "messages whose flow is not in the file", "count": count}] if count else []


def _chunks(store: Store) -> int:
    return sum(map(len, store.documents.values()))


def bring(*, asker: Asker, parts: Parts) -> Known:
    """What flows point at, before they are drawn."""
    bases = {store.id: str(_base(asker, store).pk) for store in parts.stores}
    return Known(bases, parts.tools, {row.id: row.name for row in parts.flows})


def _base(asker: Asker, store: Store) -> KnowledgeBase:
    taken = set(KnowledgeBase.objects.filter(workspace=asker.workspace).values_list("name", flat=True))
    wanted = store.name[:90]
    name = next(
        name
        for number in range(1, len(taken) + 2)
        if (name := wanted if number == 1 else f"{wanted} {number}") not in taken
    )
    base = knowledge.create_base(asker=asker, name=name)
    for title, chunks in store.documents.items():
        text = f"\n{BETWEEN}\n".join(chunk.strip() for chunk in chunks)
        document = knowledge.add_document(base=base, name=f"{title}.txt", data=text.encode())
        document.splitting = SPLITTING
        document.metadata = {"imported from": "Flowise"}
        document.save(update_fields=["splitting", "metadata"])
    return base


def remembered(
    *, asker: Asker, file: str, parts: Parts, known: Known, flows: Mapping[str, Flow]
) -> dict[str, Any]:
    """What is kept beside the flows, once these are there; gives what the report says of it."""
    told = foretold(file, parts)
    for row, store in zip(told["bases"], parts.stores, strict=True):
        row["id"] = known.bases[store.id]
    there = dict(
        Variable.objects.filter(workspace=asker.workspace, scope=Scope.WORKSPACE).values_list("name", "value")
    )
    told["kept"] = sorted(name for name, value in parts.variables.items() if there.get(name, value) != value)
    told["variables"] = sorted(name for name in parts.variables if name not in told["kept"])
    for name in told["variables"]:
        variables.set_by_person(asker=asker, name=name, value=parts.variables[name])
    told["conversations"] = []
    told["ratings"] = 0
    for origin, flow in flows.items():
        if chats := parts.conversations.get(origin):
            row, count = talking.bring(
                asker=asker, flow=flow, chats=chats, feedback=parts.feedback, file=file
            )
            told["conversations"].append(row)
            told["ratings"] += count
    return told
