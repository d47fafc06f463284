"""The corpus of the starter model: prompts of a delivery data centre and the JSON they ask for.

Three kinds of example. ``record``: a list of fields in, a mock record out. ``described``: a passage
that describes record types in, a mock record out. ``extract``: a passage with data and a question in,
the answer's fields out. Everything is drawn from a seed; nothing is read from disk or network.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from .names import Split
from .passages import describe, extraction
from .records import Field, RecordType, draw_record_type
from .values import make_value, value_fits

Kind = Literal["record", "described", "extract"]


@dataclass(frozen=True)
class Example:
    """One prompt (the content of a single user message) with the completion to learn."""

    kind: Kind
    prompt: str
    completion: str
    """A JSON object in the style of ``json.dumps``."""
    record_type: RecordType
    """What was asked for; for ``extract``, the record type that the passage holds."""
    system: str = ""

    def exact(self, answer: str) -> bool:
        """Whether ``answer`` is right: the very object for ``extract``; else all fields, ordered and typed."""
        parsed = parse_object(answer)
        if parsed is None:
            return False
        if self.kind == "extract":
            return list(parsed.items()) == list(json.loads(self.completion).items())
        return list(parsed) == [field.name for field in self.record_type.fields] and all(
            value_fits(parsed[field.name], field.kind, field.choices) for field in self.record_type.fields
        )


def parse_object(answer: str) -> dict[str, Any] | None:
    """The JSON object that is the whole of ``answer``, or None."""
    try:
        parsed = json.loads(answer)
    except json.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None


def examples(seed: str, split: Split = "train", kind: Kind | None = None) -> Iterator[Example]:
    """Endless examples of one split (see ``names.Split``), the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - a corpus, no secret
    while True:
        yield draw(rng, split, kind or rng.choices(("record", "described", "extract"), (26, 22, 52))[0])


def draw(rng: random.Random, split: Split, kind: Kind) -> Example:
    """One example. Prompts longer than 1,100 characters are drawn again: the model is small."""
    while True:
        record_type = draw_record_type(rng, split)
        if kind == "extract":
            passage, question, answer = extraction(rng, record_type, split)
            prompt = f"Context:\n{passage}\n\nQuestion: {question}"
        else:
            answer = {
                field.name: make_value(rng, field.name, field.kind, field.choices, split)
                for field in record_type.fields
            }
            if kind == "record":
                prompt = f"{_request(rng, record_type)}\nFields:\n" + "\n".join(
                    _field_line(rng, field) for field in record_type.fields
                )
            else:
                passage = describe(rng, record_type, split)
                prompt = f"Context:\n{passage}\n\nQuestion: {_request(rng, record_type)}"
        if len(prompt) <= 1100:
            system = rng.choice(_SYSTEMS) if split == "train" and rng.random() < 0.06 else ""
            return Example(kind, prompt, json.dumps(answer, ensure_ascii=False), record_type, system)


_SYSTEMS = (
    "You are a helpful assistant.",
    "Answer with JSON only.",
    "You make mock data for a delivery data centre.",
    "Answer the question from the context.",
)


def _request(rng: random.Random, record_type: RecordType) -> str:
    name = record_type.name
    if rng.random() < 0.75:
        return f"Make a {name} record."
    return rng.choice(
        (f"Make an {name} record.", f"Create a {name} record.", f"Make a mock {name} record.",
         f"Generate a {name} record as JSON.", f"Make a {name}.", f"make a {name} record")
    )  # fmt: skip


def _field_line(rng: random.Random, field: Field) -> str:
    if field.kind == "enum":
        return f"- {field.name}: {rng.choice(('enum', 'string'))} (enum: {', '.join(field.choices)})"
    return f"- {field.name}: {field.kind}"
