"""How far an answer says what was expected: field by field for JSON, by shared words for prose."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from flowbuilder.knowledge.words import words

MISSING = object()


def agreement(expected: str, answer: str) -> float:
    """In 0..1. Of two JSON objects the share of the expected fields that have the expected value; of other texts
    the F1 of their words (Rajpurkar et al. 2016, SQuAD, section 6.1, with words segmented also in Chinese).
    """
    wanted, given = as_object(expected), as_object(answer)
    if wanted is not None:
        return 0.0 if given is None else fields_agreeing(wanted, given)
    ours, theirs = Counter(words(expected)), Counter(words(answer))
    shared = (ours & theirs).total()
    if not shared:
        return float(expected.strip() == answer.strip() and bool(expected.strip()))
    precision, recall = shared / theirs.total(), shared / ours.total()
    return 2 * precision * recall / (precision + recall)


def as_object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def fields_agreeing(expected: dict[str, Any], answer: dict[str, Any]) -> float:
    wanted, given = leaves(expected), leaves(answer)
    if not wanted:
        return float(not given)
    return sum(given.get(path, MISSING) == value for path, value in wanted.items()) / len(wanted)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """Path -> value of everything that holds nothing more."""
    if isinstance(value, dict) and value:
        return {
            key: leaf for name, part in value.items() for key, leaf in leaves(part, (*path, name)).items()
        }
    if isinstance(value, list) and value:
        return {key: leaf for n, part in enumerate(value) for key, leaf in leaves(part, (*path, n)).items()}
    return {path: value}
