"""Decoding under a JSON Schema, by llguidance: only tokens that keep the answer valid are left."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import llguidance
import llguidance.hf
import llguidance.numpy
import numpy as np
import torch

MAX_STRING = 64
MAX_ITEMS = 8
MAX_NUMBER = 999_999_999
HARD = frozenset({"pattern", "format", "patternProperties"})
"""What llguidance may not know (a look ahead, a rare format): left out when it refuses the schema."""
SHAPE = frozenset(
    {"type", "properties", "required", "items", "enum", "const", "anyOf", "allOf", "$ref", "$defs"}
)
"""What is left when it refuses it once more."""
NAMES = frozenset({"properties", "$defs", "dependentSchemas"})


_guides: WeakKeyDictionary[Any, llguidance.LLTokenizer] = WeakKeyDictionary()


def guide_of(tokenizer: Any, vocabulary: int) -> llguidance.LLTokenizer:
    """The tokenizer as llguidance reads it; made once, as it walks the whole vocabulary."""
    if tokenizer not in _guides:
        _guides[tokenizer] = llguidance.hf.from_tokenizer(tokenizer, n_vocab=vocabulary)
    return _guides[tokenizer]


class Constraint:
    """The state of one answer under its schema."""

    def __init__(self, tokenizer: llguidance.LLTokenizer, schema: dict[str, Any]) -> None:
        self.matcher = matcher_of(tokenizer, schema)
        # numpy, not llguidance.torch: that one compiles a kernel for seconds to save microseconds.
        self.mask = llguidance.numpy.allocate_token_bitmask(1, tokenizer.vocab_size)

    def allow(self, logits: torch.Tensor) -> torch.Tensor:
        """Logits (1, vocabulary) with every token that would break the schema at minus infinity."""
        llguidance.numpy.fill_next_token_bitmask(self.matcher, self.mask, 0)
        allowed = np.unpackbits(self.mask.view(np.uint8), bitorder="little")[: logits.shape[-1]]
        return logits.masked_fill(torch.from_numpy(allowed == 0), float("-inf"))

    def take(self, token: int) -> bool:
        """Advance by a token; True when the answer is complete."""
        self.matcher.consume_token(token)
        return bool(self.matcher.is_stopped())


def matcher_of(tokenizer: llguidance.LLTokenizer, schema: dict[str, Any]) -> llguidance.LLMatcher:
    """Of the strictest form that llguidance takes; whoever asked checks and mends what a looser one let through."""
    for form in relaxed(schema):
        matcher = llguidance.LLMatcher(
            tokenizer, llguidance.LLMatcher.grammar_from_json_schema(bounded(form))
        )
        if not matcher.is_error():
            return matcher
    raise ValueError(f"This JSON Schema cannot constrain decoding: {matcher.get_error()}")


def relaxed(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield _without(schema, lambda word: word in HARD)
    yield _without(schema, lambda word: word not in SHAPE)
    yield {"type": "object"}


def _without(part: Any, drops: Callable[[str], bool], names: bool = False) -> Any:
    """The schema without some of its keywords; what stands in ``properties`` are names and no keywords."""
    if isinstance(part, list):
        return [_without(item, drops) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        word: value
        if word in {"enum", "const"} and not names
        else _without(value, drops, word in NAMES and not names)
        for word, value in part.items()
        if names or not drops(word)
    }


def bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with a bound wherever it has none, so that a small model cannot go on for ever.

    The bounds only narrow what is generated: what satisfies them satisfies the schema.
    """
    found = copy.deepcopy(schema)
    _bound(found)
    found["x-guidance"] = {
        **{"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "},
        # What it knows no way to hold ("not", "uniqueItems", "if") it passes over; the record is mended then.
        **{"lenient": True, "coerce_one_of": True},
    }
    return found


def _bound(part: Any) -> None:
    if isinstance(part, list):
        for item in part:
            _bound(item)
    if not isinstance(part, dict):
        return
    types = part.get("type")
    types = {types} if isinstance(types, str) else set(types or ())
    if "string" in types and not part.keys() & {"enum", "const", "pattern", "format", "maxLength"}:
        part["maxLength"] = max(MAX_STRING, part.get("minLength", 0))
    if types & {"integer", "number"} and not part.keys() & {"enum", "const"}:
        if not part.keys() & {"minimum", "exclusiveMinimum"}:
            part["minimum"] = min(0, part.get("maximum", 0), part.get("exclusiveMaximum", 1) - 1)
        if not part.keys() & {"maximum", "exclusiveMaximum"}:
            part["maximum"] = max(MAX_NUMBER, part.get("minimum", 0), part.get("exclusiveMinimum", 0) + 1)
    if "number" in types and not part.keys() & {"enum", "const", "multipleOf"}:
        # Else a small model writes decimals for ever. Narrow ranges keep room for finer values.
        part["multipleOf"] = (
            0.001 if part["maximum" if "maximum" in part else "exclusiveMaximum"] > 1 else 0.000001
        )
    if "array" in types and "maxItems" not in part:
        part["maxItems"] = max(MAX_ITEMS, part.get("minItems", 0))
    if "object" in types and "properties" in part:
        part.setdefault("additionalProperties", False)
    for value in part.values():
        _bound(value)
