"""What a workspace file holds beside its flows: variables, documents, conversations and what people said of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import slugify

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.datasets import editing
from flowbuilder.datasets import services as datasets
from flowbuilder.datasets.models import Dataset, Kind, Origin
from flowbuilder.feedback.models import Kind as Opinion
from flowbuilder.feedback.models import Rating
from flowbuilder.flows.models import Flow
from flowbuilder.importing.flowise.workspace import Parts, Said, Store
from flowbuilder.importing.known import Known
from flowbuilder.knowledge import services as knowledge
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.tables.shapes import shaped
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
MOST_TURNS = 200


def foreseen(parts: Parts) -> Known:
    """As ``bring`` gives it, for a preview: nothing is there yet that could be pointed at."""
    return Known({}, parts.tools, {row.id: row.name for row in parts.flows})


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
    ratings: list[Rating] = []
    for origin, flow in flows.items():
        if chats := parts.conversations.get(origin):
            told["conversations"].append(_conversations(asker, flow, chats, file))
            ratings += _ratings(asker, flow, chats, parts.feedback)
    Rating.objects.bulk_create(ratings, ignore_conflicts=True, batch_size=500)
    told["ratings"] = len(ratings)
    return told


def _conversations(asker: Asker, flow: Flow, chats: Mapping[str, list[Said]], file: str) -> dict[str, Any]:
    dataset = _dataset(asker, flow)
    rows, short = [], 0
    for chat, said in chats.items():
        pieces = list(_pieces(said))
        short += not pieces
        for number, piece in enumerate(pieces):
            content = {"messages": [{"role": each.role, "content": each.text} for each in piece]}
            source = {"file": file[:200], "flow": flow.name, "conversation": chat}
            rows.append(
                editing.Incoming(
                    shaped(Kind.MESSAGES, content), Origin.IMPORTED, source, f"{chat}:{number}"[:64]
                )
            )
    added = editing.add(dataset=dataset, rows=rows, by=asker.user)
    return {
        "flow": flow.name,
        "dataset": str(dataset.pk),
        "name": dataset.name,
        "conversations": added.kept,
        "messages": sum(map(len, chats.values())),
        "without_an_answer": short,
    }


def _dataset(asker: Asker, flow: Flow) -> Dataset:
    wanted = f"conversations-{slugify(flow.slug) or 'flow'}"[:58]
    for number in range(1, 1000):
        name = wanted if number == 1 else f"{wanted}-{number}"
        if not Dataset.objects.filter(workspace=asker.workspace, name=name).exists():
            return datasets.create_dataset(workspace_id=asker.workspace.pk, name=name, kind=Kind.MESSAGES)
    raise ApiError("conflict", f"There are too many datasets called '{wanted}'.", 409)


def _pieces(said: list[Said]) -> Iterator[list[Said]]:
    """From the first question to the last answer, in parts that a row can hold."""
    for start in range(0, len(said), MOST_TURNS):
        piece = said[start : start + MOST_TURNS]
        first = next((at for at, each in enumerate(piece) if each.role == "user"), len(piece))
        last = max((at for at, each in enumerate(piece) if each.role == "assistant"), default=-1)
        if first < last:
            yield piece[first : last + 1]


def _ratings(
    asker: Asker, flow: Flow, chats: Mapping[str, list[Said]], feedback: Mapping[str, tuple[bool, str]]
) -> list[Rating]:
    """Whoever rated is not known here: the rating belongs to no person."""
    found = []
    for said in chats.values():
        asked = ""
        for each in said:
            if each.role == "user":
                asked = each.text
            elif each.id in feedback and asked:
                up, comment = feedback[each.id]
                digest = hashlib.sha256(f"flowise:{flow.pk}:{each.id}".encode()).hexdigest()
                found.append(
                    Rating(
                        workspace=asker.workspace,
                        flow=flow,
                        kind=Opinion.THUMBS,
                        prompt=asked,
                        answer=each.text,
                        up=up,
                        comment=comment,
                        imported=digest,
                    )
                )
    return found
