"""Values as Markdown: tables, and nested lists of what is not flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any


def table(rows: Iterable[Sequence[Any]]) -> str:
    """A table whose header is the first row that holds something; short rows are filled up."""
    filled = [row for row in rows if any(cell not in (None, "") for cell in row)]
    if not filled:
        return ""
    width = max(map(len, filled))
    lines = [_row([cell_text(cell) for cell in row] + [""] * (width - len(row))) for row in filled]
    return "\n".join([lines[0], _row(["---"] * width), *lines[1:]])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def cell_text(value: Any) -> str:
    """On one line; a whole number is shown as one, as sheets keep every number as a float."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split()).replace("|", "\\|")


def outline(value: Any, depth: int = 0) -> Iterator[str]:
    """Lines of a nested list: ``- name: value``."""
    indent = "  " * depth
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _entry(f"{indent}- {key}:", inner, depth)
    elif isinstance(value, list):
        for inner in value:
            yield from _entry(f"{indent}-", inner, depth)
    else:
        yield f"{indent}{cell_text(value)}"


def _entry(lead: str, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, list) and all(not isinstance(inner, dict | list) for inner in value):
        yield f"{lead} {', '.join(map(cell_text, value))}".rstrip()
    elif isinstance(value, dict | list):
        yield lead
        yield from outline(value, depth + 1)
    else:
        yield f"{lead} {cell_text(value)}".rstrip()
