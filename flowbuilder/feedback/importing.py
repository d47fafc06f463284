"""Ratings from files in TRL's formats: every row is understood before the first is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.models import Flow
from flowbuilder.tables.reading import understood
from flowbuilder.tables.shapes import Completion, Label, Messages, Preference, Shape, shaped


def demonstration(row: Completion) -> dict[str, Any]:
    return {"kind": Kind.DEMONSTRATION, "prompt": row.prompt, "answer": row.completion}


def pair(row: Preference) -> dict[str, Any]:
    others = [{"answer": row.rejected, "model": ""}]
    return {"kind": Kind.PAIR, "prompt": row.prompt, "answer": row.chosen, "others": others}


def thumbs(row: Label) -> dict[str, Any]:
    return {"kind": Kind.THUMBS, "prompt": row.prompt, "answer": row.completion, "up": row.label}


def conversation(row: Messages) -> dict[str, Any]:
    """A rating is of one question and its answer."""
    if [turn.role for turn in row.messages] != ["user", "assistant"]:
        raise ValueError(
            "'messages': feedback is of one question and its answer; import longer conversations into a dataset"
        )
    question, reply = row.messages
    return {"kind": Kind.DEMONSTRATION, "prompt": question.content, "answer": reply.content}


FIELDS: dict[type[Shape], Callable[[Any], dict[str, Any]]] = {
    Completion: demonstration,
    Preference: pair,
    Label: thumbs,
    Messages: conversation,
}


def take(*, asker: Asker, body: bytes, file: str = "jsonl", flow: Flow | None = None) -> dict[str, int]:
    """Keep every line as a rating of the asker's; those that were taken before stay as they are."""
    found = understood(body, file, understand)
    ratings = [
        Rating(
            workspace=asker.workspace,
            person=asker.user,
            flow=flow,
            imported=_digest(fields, flow),
            **fields,
        )
        for fields in found
    ]
    before = Rating.objects.filter(workspace=asker.workspace).count()
    Rating.objects.bulk_create(ratings, ignore_conflicts=True, batch_size=500)
    kept = Rating.objects.filter(workspace=asker.workspace).count() - before
    return {"lines": len(ratings), "kept": kept, "known": len(ratings) - kept}


def understand(row: Any) -> dict[str, Any]:
    """What a row says, as a rating's fields; ``ValueError`` says what is wrong with it."""
    keys = row.keys() if isinstance(row, dict) else set()
    shape = next((shape for shape in FIELDS if shape.model_fields.keys() == keys), None)
    if shape is None:
        known = "; ".join(", ".join(shape.model_fields) for shape in FIELDS)
        raise ValueError(f"its fields are none of these: {known}")
    fields = FIELDS[shape](shaped(shape.kind, row))
    if not fields["answer"]:
        raise ValueError("its answer is empty")
    return fields


def _digest(fields: dict[str, Any], flow: Flow | None) -> str:
    what = json.dumps([str(flow.pk) if flow else "", fields], sort_keys=True)
    return hashlib.sha256(what.encode()).hexdigest()
