"""What may be gone through item by item, whatever it travels as."""

from __future__ import annotations

import json
from typing import Any

from nodes.base import NodeError
from nodes.types import Record, Value

MOST = 10_000
"""Items of one For each: each is a run of the body, with events of its own."""


def listed(value: Any) -> list[Any]:
    """The items of a list, of a value that holds one, or of a text: a JSON list, else its lines that hold something."""
    items = _items(value)
    if items is None:
        raise NodeError(
            f"'items' takes a list, or something that holds one (passages, prompts, a JSON list, lines of text), "
            f"not {type(value).__name__}."
        )
    if len(items) > MOST:
        raise NodeError(f"'items' has {len(items)} items; at most {MOST} can be gone through in one run.")
    return items


def _items(value: Any) -> list[Any] | None:
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, Record):
        return _items(_only(value.data) if isinstance(value.data, dict) else value.data)
    if isinstance(value, dict):
        return _items(_only(value))
    if isinstance(value, Value):
        held = (getattr(value, name) for name in type(value).model_fields)
        return next((list(part) for part in held if isinstance(part, tuple)), None)
    return None


def _of_text(text: str) -> list[Any]:
    if text.lstrip().startswith("["):
        try:
            return list(json.loads(text))
        except ValueError:
            pass  # it only looks like one
    return [line for line in text.splitlines() if line.strip()]


def _only(data: dict[str, Any]) -> list[Any] | None:
    """The one list among an object's values."""
    lists = [part for part in data.values() if isinstance(part, list)]
    return lists[0] if len(lists) == 1 else None
