"""Passages: protocol text that describes record types, and data text that answers are read from."""

import json
import random
from dataclasses import dataclass
from typing import Any

from .names import Split, invented_word
from .records import Field, RecordType, draw_record_type
from .values import code, make_value


def describe(rng: random.Random, record_type: RecordType, split: Split) -> str:
    """A passage that describes ``record_type``, among up to two other types, in one of several layouts."""
    others: list[RecordType] = []
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        other = draw_record_type(rng, split)
        if other.name.replace(" ", "_") != record_type.name.replace(" ", "_"):
            others.append(RecordType(other.name, other.fields[:5]))
    types = [record_type, *others]
    rng.shuffle(types)
    layout = rng.choice((_sentence, _sentence, _listed, _bullets, _table))
    parts = [layout(rng, item) for item in types]
    if rng.random() < 0.25:
        parts.insert(rng.randrange(len(parts) + 1), rng.choice(_FILLER))
    return rng.choice(("\n\n", "\n")).join(parts)


_FILLER = (
    "This protocol describes the data exchanged between depots and couriers.",
    "All messages are sent as JSON over HTTPS.",
    "Timestamps are in UTC.",
    "Fields are mandatory unless stated otherwise.",
    "# Delivery data centre protocol",
    "Version 2 of the interface is in force since March.",
)


def _type_words(rng: random.Random, field: Field) -> str:
    if field.kind == "enum":
        return rng.choice(("one of ", "one of ", "enum: ")) + ", ".join(field.choices)
    return field.kind


def _joined(items: list[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def _sentence(rng: random.Random, item: RecordType) -> str:
    fields = _joined([f"{field.name} ({_type_words(rng, field)})" for field in item.fields])
    opening = rng.choice(
        ("The {} record has {}.", "A {} record contains {}.", "Each {} record carries {}.", "A {} has {}.",
         "The fields of a {} record are {}.")
    )  # fmt: skip
    return opening.format(item.name, fields)


def _listed(rng: random.Random, item: RecordType) -> str:
    fields = "; ".join(f"{field.name} is {_article(_type_words(rng, field))}" for field in item.fields)
    return rng.choice(("In the {} record, {}.", "{} record: {}.")).format(item.name, fields)


def _article(words: str) -> str:
    if words.startswith(("one of", "enum")):
        return words
    return ("an " if words[0] in "aeiou" else "a ") + words


def _bullets(rng: random.Random, item: RecordType) -> str:
    head = rng.choice(("## {}", "### {} record", "{} record:", "**{}**")).format(item.name)
    mark = rng.choice(("- {}: {}", "* {}: {}", "- `{}`: {}", "- {} ({})", "- {} - {}"))
    return "\n".join([head, *(mark.format(field.name, _type_words(rng, field)) for field in item.fields)])


def _table(rng: random.Random, item: RecordType) -> str:
    head = rng.choice(("## {}", "{} record", "Record type {}:")).format(item.name)
    rows = ["| field | type |", rng.choice(("|---|---|", "| --- | --- |"))]
    rows += [f"| {field.name} | {_type_words(rng, field)} |" for field in item.fields]
    return "\n".join([head, *rows])


@dataclass(frozen=True)
class Data:
    """Entities of one record type, as a layout writes them into a passage."""

    noun: str
    key_name: str
    """Heading of the column that holds the keys, in the layouts that have one."""
    keys: list[str]
    rows: list[dict[str, Any]]
    """One row a key: field name to value."""


def extraction(rng: random.Random, record_type: RecordType, split: Split) -> tuple[str, str, dict[str, Any]]:
    """Passage, question and answer: fields of one entity, read from text that may hold several."""
    noun = record_type.name
    fields = record_type.fields[:6]
    count = rng.choice((1, 1, 2, 2, 3, 4)) if len(fields) <= 4 else rng.choice((1, 1, 2))
    keys = list(dict.fromkeys(_entity_key(rng, split) for _ in range(count)))
    rows = [
        {field.name: make_value(rng, field.name, field.kind, field.choices, split) for field in fields}
        for _ in keys
    ]
    key_name = rng.choice(("id", "no", f"{noun.split(' ')[0]}_key", "key", "entry"))
    if key_name in rows[0]:
        key_name = "entry"
    layout = rng.choice((_said, _said, _stated, _pairs, _rows, _blocks, _lines))
    passage = layout(rng, Data(noun, key_name, keys, rows))
    if rng.random() < 0.25:
        filler = rng.choice(_NEWS)
        passage = f"{filler}\n{passage}" if rng.random() < 0.5 else f"{passage}\n{filler}"
    chosen = rng.randrange(len(keys))
    names = rng.sample(list(rows[0]), min(len(fields), rng.choice((1, 1, 2, 2, 3, 3, 4))))
    asked = _joined([name.replace("_", " ") if rng.random() < 0.1 else name for name in names])
    of = f"{noun} {keys[chosen]}" if rng.random() < 0.8 else keys[chosen]
    if len(keys) == 1 and rng.random() < 0.3:
        of = f"the {noun}"
    verb = "What is" if len(names) == 1 else "What are"
    question = rng.choice(
        (f"{verb} the {asked} of {of}?", f"{verb} the {asked} of {of}?", f"{verb} the {asked} of {of}?",
         f"{verb} the {asked} for {of}?", f"Give the {asked} of {of}.", f"Extract {asked} of {of}.",
         f"Which {asked} does {of} have?", f"Return {asked} for {of} as JSON.")
    )  # fmt: skip
    return passage, question, {name: rows[chosen][name] for name in names}


_NEWS = (
    "The morning report lists the following entries.",
    "Data as of today.",
    "Please check the list before the next tour.",
    "Questions go to the dispatch desk.",
    "# Daily report",
    "The weather was dry and traffic was light.",
)


def _entity_key(rng: random.Random, split: Split) -> str:
    return code(rng) if rng.random() < 0.8 else invented_word(rng, split)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _said(rng: random.Random, data: Data) -> str:
    style = rng.choice(("{} {}", "{} is {}", "{}: {}", "{} = {}"))
    opening = rng.choice(("{} {} has {}.", "The {} {} has {}.", "For {} {}, {}.", "{} {}: {}."))
    return rng.choice((" ", "\n")).join(
        _upper_first(
            opening.format(data.noun, key, _joined([style.format(n, _shown(v)) for n, v in row.items()]))
        )
        for key, row in zip(data.keys, data.rows, strict=True)
    )


def _stated(rng: random.Random, data: Data) -> str:
    """Each field in a sentence of its own."""
    patterns = ("The {n} of {e} is {v}.", "Its {n} is {v}.", "{e} has the {n} {v}.", "The {n} is {v}.")
    parts = []
    for key, row in zip(data.keys, data.rows, strict=True):
        for position, (name, value) in enumerate(row.items()):
            pattern = patterns[rng.choice((0, 2))] if position == 0 else rng.choice(patterns)
            entity = f"{data.noun} {key}" if position == 0 or rng.random() < 0.3 else key
            parts.append(_upper_first(pattern.format(n=name, e=entity, v=_shown(value))))
    return " ".join(parts)


def _pairs(rng: random.Random, data: Data) -> str:
    mark = rng.choice(("- {}: {}", "{}: {}", "* {}: {}", "- {} = {}"))
    head = rng.choice(("{} {}", "## {} {}", "{} {}:", "**{} {}**"))
    return rng.choice(("\n", "\n\n")).join(
        "\n".join([head.format(data.noun, key), *(mark.format(n, _shown(v)) for n, v in row.items())])
        for key, row in zip(data.keys, data.rows, strict=True)
    )


def _rows(_rng: random.Random, data: Data) -> str:
    """A Markdown table, one row an entity."""
    names = list(data.rows[0])
    lines = [f"| {data.key_name} | {' | '.join(names)} |", "|" + "---|" * (len(names) + 1)]
    lines += [
        f"| {key} | {' | '.join(_shown(v) for v in row.values())} |"
        for key, row in zip(data.keys, data.rows, strict=True)
    ]
    return "\n".join(lines)


def _blocks(_rng: random.Random, data: Data) -> str:
    """JSON lines."""
    return "\n".join(
        json.dumps({data.key_name: key, **row}) for key, row in zip(data.keys, data.rows, strict=True)
    )


def _lines(_rng: random.Random, data: Data) -> str:
    """``key`` first, then ``name=value`` pairs, as logs write them."""
    return "\n".join(
        f"{data.noun} {key} " + " ".join(f"{n}={_shown(v)}" for n, v in row.items())
        for key, row in zip(data.keys, data.rows, strict=True)
    )


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
