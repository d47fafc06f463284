"""Values of wires as plain data, and plain data as text."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import to_jsonable_python

from nodes.types import Items, Record


def plain(value: Any) -> Any:
    """Dicts, lists, text, numbers: a value as JSON has it; of records and lists what is in them."""
    if isinstance(value, Record):
        return value.data
    if isinstance(value, Items):
        return [plain(item) for item in value.items]
    return to_jsonable_python(value)


def read(value: Any) -> Any:
    """As ``plain``, and a text that holds JSON is what it says; any other text stays one."""
    data = plain(value)
    text = unfenced(data) if isinstance(data, str) else ""
    if text[:1] not in {"{", "["}:
        return data
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return data


def unfenced(text: str) -> str:
    """Without the fence of Markdown that models put around JSON."""
    return text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()


def shown(data: Any) -> str:
    """Text as it is, anything else as JSON."""
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
