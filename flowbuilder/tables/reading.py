"""Rows from files that people bring: JSON lines, CSV, Parquet. Every row is understood before the first is used."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flowbuilder.accounts.errors import ApiError
from flowbuilder.tables.confined import Damaged, parquet_rows
from flowbuilder.tables.writing import unguarded

MOST_ROWS = 50_000
MOST_BYTES = 64 * 2**20
MOST_ERRORS = 20
LONGEST_CELL = 4 * 2**20
FILES = ("jsonl", "csv", "parquet")
YES, NO = {"true", "1", "yes", "good"}, {"false", "0", "no", "bad"}
Understood = TypeVar("Understood")
Placed = tuple[int, Any]
"""The number of a line (of a row, in Parquet), and what stands there: a row, or the ``ValueError`` that says why not."""


def uploaded(file: Any) -> bytes:
    """What a browser or a program sent; what is too large is refused before any of it is in memory."""
    _must_fit(file.size or 0)
    return bytes(file.read())


def _must_fit(size: int) -> None:
    if size > MOST_BYTES:
        raise ApiError("too_large", f"A file may have {MOST_BYTES // 2**20} MB; divide this one.", 413)


def understood(data: bytes, file: str, understand: Callable[[Any], Understood]) -> list[Understood]:
    """What ``understand`` makes of each row. ``ApiError`` 422 names the first rows that it raises ``ValueError`` for."""
    _must_fit(len(data))
    what = "Row" if file == "parquet" else "Line"
    found: list[Understood] = []
    wrong: list[dict[str, Any]] = []
    for number, row in READERS[file](data):
        try:
            if isinstance(row, ValueError):
                raise row
            found.append(understand(row))
        except ValueError as error:
            wrong.append({"line": number, "message": str(error)})
            if len(wrong) == MOST_ERRORS:
                break
        if len(found) > MOST_ROWS:
            raise ApiError("invalid", f"At most {MOST_ROWS} rows at once; this file has more.", 422)
    if wrong:
        raise ApiError("invalid", f"{what} {wrong[0]['line']}: {wrong[0]['message']}", 422, wrong)
    if not found:
        raise ApiError(
            "invalid", 'There are no rows; a line is such as {"prompt": "...", "completion": "..."}.', 422
        )
    return found


def file_of(name: str) -> str:
    """By the name's ending; ``ApiError`` names what can be read."""
    ending = name.rsplit(".", 1)[-1].lower()
    found = {
        "jsonl": "jsonl",
        "ndjson": "jsonl",
        "json": "jsonl",
        "csv": "csv",
        "tsv": "csv",
        "parquet": "parquet",
    }
    if ending not in found:
        raise ApiError(
            "invalid", f"'{name[:80]}' is no .jsonl, .csv or .parquet file: these three can be read.", 422
        )
    return found[ending]


def text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise ApiError("invalid", f"Line {number} is not UTF-8.", 422) from error


def json_lines(data: bytes) -> Iterator[Placed]:
    lines = text_of(data).split("\n")
    if len(lines) > MOST_ROWS + 1:
        raise ApiError("invalid", f"At most {MOST_ROWS} lines at once; these are {len(lines)}.", 422)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _json(line)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        return ValueError("it is nested too deeply")
    except ValueError as error:
        return ValueError(f"it is not JSON: {error}")


def cells(data: bytes) -> Iterator[Placed]:
    """CSV with a header line, divided by commas, semicolons or tabs, whichever its header is."""
    text = text_of(data)
    header = text.split("\n", 1)[0]
    divided_by = max(",;\t", key=header.count)
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=divided_by, strict=True)
    if rows.fieldnames is None:
        return
    while True:
        # A quoted cell may have lines of its own: a row is named by the line where it begins.
        number = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, ValueError(f"it cannot be divided into cells: {error}")
            return
        yield number, _typed(row)


def _typed(row: dict[Any, Any]) -> Any:
    """Cells are text: a label and a conversation become what they say."""
    if None in row:
        return ValueError("it has more cells than the header line")
    missing = [name for name, cell in row.items() if cell is None]
    if missing:
        return ValueError(f"it has no cell for '{missing[0]}'")
    found: dict[str, Any] = {str(name).strip(): unguarded(cell) for name, cell in row.items()}
    if "label" in found:
        said = found["label"].strip().lower()
        if said not in YES | NO:
            return ValueError(f"'label': {said[:40]!r} is neither true nor false")
        found["label"] = said in YES
    if "messages" in found:
        messages = _json(found["messages"])
        if isinstance(messages, ValueError):
            return ValueError(f"'messages': {messages}")
        found["messages"] = messages
    return found


def table_rows(data: bytes) -> Iterator[Placed]:
    try:
        yield from enumerate(parquet_rows(data, MOST_ROWS), start=1)
    except Damaged as error:
        raise ApiError("invalid", str(error), 422) from error


READERS: dict[str, Callable[[bytes], Iterator[Placed]]] = {
    "jsonl": json_lines,
    "csv": cells,
    "parquet": table_rows,
}
