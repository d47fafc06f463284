"""Ratings from JSON lines in TRL's formats: every line is understood before the first is kept."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.feedback.services import LONGEST
from flowbuilder.flows.models import Flow

MOST_LINES = 50_000
MOST_ERRORS = 20
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$")]


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Completion(Line):
    prompt: Text
    completion: Text

    def fields(self) -> dict[str, Any]:
        return {"kind": Kind.DEMONSTRATION, "prompt": self.prompt, "answer": self.completion}


class Preference(Line):
    prompt: Text
    chosen: Text
    rejected: Text

    def fields(self) -> dict[str, Any]:
        others = [{"answer": self.rejected, "model": ""}]
        return {"kind": Kind.PAIR, "prompt": self.prompt, "answer": self.chosen, "others": others}


class Label(Completion):
    label: bool

    def fields(self) -> dict[str, Any]:
        return {"kind": Kind.THUMBS, "prompt": self.prompt, "answer": self.completion, "up": self.label}


class Question(Line):
    role: Literal["user"]
    content: Text


class Reply(Line):
    role: Literal["assistant"]
    content: Text


class Messages(Line):
    messages: tuple[Question, Reply] = Field(strict=False)

    def fields(self) -> dict[str, Any]:
        question, reply = self.messages
        return {"kind": Kind.DEMONSTRATION, "prompt": question.content, "answer": reply.content}


SHAPES: tuple[type[Completion | Preference | Messages], ...] = (Completion, Preference, Label, Messages)


def take(*, asker: Asker, body: bytes, flow: Flow | None = None) -> dict[str, int]:
    """Keep every line as a rating of the asker's; those that were taken before stay as they are."""
    found = understand(body)
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


def understand(body: bytes) -> list[dict[str, Any]]:
    """What each line says; ``ApiError`` 422 names the lines that cannot be understood."""
    try:
        lines = body.decode().split("\n")
    except UnicodeDecodeError as error:
        number = body.count(b"\n", 0, error.start) + 1
        raise ApiError("invalid", f"Line {number} is not UTF-8.", 422) from error
    if len(lines) > MOST_LINES:
        raise ApiError("invalid", f"At most {MOST_LINES} lines at once; these are {len(lines)}.", 422)
    found, wrong = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_understand(line))
        except ValueError as error:
            wrong.append({"line": number, "message": str(error)})
            if len(wrong) == MOST_ERRORS:
                break
    if wrong:
        raise ApiError("invalid", f"Line {wrong[0]['line']}: {wrong[0]['message']}", 422, wrong)
    if not found:
        raise ApiError("invalid", 'There are no lines; one is {"prompt": "...", "completion": "..."}.', 422)
    return found


def _understand(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from error
    keys = row.keys() if isinstance(row, dict) else set()
    shape = next((shape for shape in SHAPES if shape.model_fields.keys() == keys), None)
    if shape is None:
        known = "; ".join(", ".join(shape.model_fields) for shape in SHAPES)
        raise ValueError(f"its fields are none of these: {known}")
    try:
        fields = shape.model_validate(row).fields()
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"'{'.'.join(map(str, first['loc']))}': {first['msg']}") from error
    if fields["kind"] == Kind.PAIR and row["chosen"] == row["rejected"]:
        raise ValueError("'chosen' and 'rejected' are the same")
    return fields


def _digest(fields: dict[str, Any], flow: Flow | None) -> str:
    what = json.dumps([str(flow.pk) if flow else "", fields], sort_keys=True)
    return hashlib.sha256(what.encode()).hexdigest()
