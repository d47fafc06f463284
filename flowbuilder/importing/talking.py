"""What was said before the move: shown among the flow's conversations, kept as a dataset, with what people thought of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.datasets import editing
from flowbuilder.datasets import services as datasets
from flowbuilder.datasets.models import Dataset, Kind, Origin
from flowbuilder.feedback.models import Kind as Opinion
from flowbuilder.feedback.models import Rating
from flowbuilder.flows.models import Environment, Flow
from flowbuilder.importing.flowise.workspace import Said
from flowbuilder.runs.models import Door, Run, Status
from flowbuilder.tables.shapes import shaped

MOST_TURNS = 200
AT_ONCE = 500
NOTHING: dict[str, Any] = {"nodes": [], "wires": [], "notes": []}
"""The graph of a turn that ran elsewhere."""


def bring(
    *,
    asker: Asker,
    flow: Flow,
    chats: Mapping[str, list[Said]],
    feedback: Mapping[str, tuple[bool, str]],
    file: str,
) -> tuple[dict[str, Any], int]:
    """What the report says of it, and how many ratings came along."""
    answered = [turn for chat, said in chats.items() for turn in _turns(flow, chat, said, file)]
    Run.objects.bulk_create([run for run, _ in answered], batch_size=AT_ONCE)
    # A row that is created says that it is of now.
    for run, reply in answered:
        run.created_at = reply.at or run.ended_at
    Run.objects.bulk_update([run for run, _ in answered], ["created_at"], batch_size=AT_ONCE)
    ratings = [_rating(run, reply, *feedback[reply.id]) for run, reply in answered if reply.id in feedback]
    Rating.objects.bulk_create(ratings, ignore_conflicts=True, batch_size=AT_ONCE)
    return _conversations(asker, flow, chats, file), len(ratings)


def _turns(flow: Flow, chat: str, said: list[Said], file: str) -> Iterator[tuple[Run, Said]]:
    """Each question with the answer that followed it. In their session the flow remembers them."""
    asked: list[str] = []
    for each in said:
        if each.role == "user":
            asked.append(each.text)
        elif asked:
            run = Run(
                workspace_id=flow.workspace_id,
                flow=flow,
                graph=NOTHING,
                inputs={"question": "\n\n".join(asked)},
                session=chat[:200],
                conversation=chat[:200],
                environment=Environment.PRODUCTION,
                door=Door.FLOWISE,
                origin={"kind": "flowise", "file": file[:200]},
                status=Status.FINISHED,
                reply=each.text,
                ended_at=each.at or timezone.now(),
            )
            yield run, each
            asked = []


def _rating(run: Run, reply: Said, up: bool, comment: str) -> Rating:
    """Whoever rated is not known here: the rating belongs to no person."""
    return Rating(
        workspace_id=run.workspace_id,
        flow_id=run.flow_id,
        run=run,
        kind=Opinion.THUMBS,
        prompt=run.inputs["question"],
        answer=run.reply,
        up=up,
        comment=comment,
        imported=hashlib.sha256(f"flowise:{run.flow_id}:{reply.id}".encode()).hexdigest(),
    )


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
        "flow_id": str(flow.pk),
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
