"""json, jsonl and yaml as knowledge: a list of flat records is a table, anything else a nested list under headings."""

from __future__ import annotations

from typing import Any

from flowbuilder.knowledge.loaders.markdown import outline, table
from flowbuilder.knowledge.loaders.parsing import parse

COLUMNS = 12
"""Records with more fields than this are read better one by one."""
LONG = 120


def load(data: bytes, format: str) -> str:
    return text_of(parse(data, format))


def text_of(value: Any) -> str:
    if isinstance(value, dict) and any(isinstance(inner, dict | list) for inner in value.values()):
        return "\n\n".join(f"# {key}\n\n{text_of_part(inner)}" for key, inner in value.items())
    return text_of_part(value)


def text_of_part(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        columns = list(dict.fromkeys(key for row in value for key in row))
        if len(columns) <= COLUMNS and all(map(_is_flat, value)):
            return table([columns, *([row.get(column) for column in columns] for row in value)])
        return "\n\n".join("\n".join(outline(row)) for row in value)
    return "\n".join(outline(value))


def _is_flat(row: dict[str, Any]) -> bool:
    return all(not isinstance(value, dict | list) and len(str(value)) <= LONG for value in row.values())
