"""Tables as lists of dicts: read from CSV or JSON, summed up, written."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from nodes.base import NodeError
from nodes.tools.plain import read

Row = dict[str, Any]
MOST_ROWS = 200_000
MOST_COLUMNS = 1000
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")
"""What is read as a number; 007 and +49 stay texts."""
SIGNS = {"tab": "\t"}


def rows_of(data: Any, separator: str = "detect") -> list[Row]:
    """Rows of CSV text, of JSON text, or of a list of objects."""
    found = read(data)
    if isinstance(found, str):
        return _csv(found, separator)
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else [found]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise NodeError("'data' is no table: it takes CSV text with a header, or a list of objects.")
    if len(found) > MOST_ROWS:
        raise NodeError(f"'data' has {len(found)} rows; {MOST_ROWS} are read.")
    return found


def _csv(text: str, separator: str) -> list[Row]:
    if not text.strip():
        raise NodeError("'data' is empty; a table has a header at least.")
    sign = _detected(text) if separator == "detect" else SIGNS.get(separator, separator)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff").strip("\n")), delimiter=sign)
    try:
        header = [name.strip() for name in next(reader)]
        twice = next((name for name in header if header.count(name) > 1), None)
        if twice is not None or len(header) > MOST_COLUMNS:
            raise NodeError(
                f"'data' has two columns '{twice}'."
                if twice is not None
                else f"'data' has more than {MOST_COLUMNS} columns."
            )
        rows: list[Row] = []
        for line in reader:
            if not line:
                continue
            if len(line) > len(header):
                raise NodeError(
                    f"'data', line {reader.line_num}: it has {len(line)} values, the header has {len(header)}."
                )
            if len(rows) >= MOST_ROWS:
                raise NodeError(f"'data' has more than {MOST_ROWS} rows.")
            values = [*line, *[""] * (len(header) - len(line))]
            rows.append(dict(zip(header, map(_typed, values), strict=True)))
    except csv.Error as error:
        raise NodeError(f"'data', line {reader.line_num}: it is no CSV: {error}.") from error
    return rows


def _detected(text: str) -> str:
    """The sign that stands most often in the header."""
    header = text.lstrip("\n").split("\n", 1)[0]
    return max((",", ";", "\t", "|"), key=header.count)


def _typed(text: str) -> Any:
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return text if text else None
    return float(text) if "." in text else int(text)


def sort_key(value: Any) -> tuple[int, float, str]:
    """Nothing first, then numbers by size, then texts without regard to case."""
    if value is None or value == "":
        return (0, 0.0, "")
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool | int | float):
        return (1, float(value), "")
    return (2, 0.0, str(value).casefold())


def aggregated(rows: list[Row], by: Sequence[str], wanted: Sequence[tuple[str, str]]) -> list[Row]:
    """A row for each group, in the order in which they come first."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(json.dumps(row.get(name)) for name in by), []).append(row)
    if not by and not groups:
        groups[()] = []
    wanted = wanted or [("count", "")]
    made = []
    for members in groups.values():
        head = {name: members[0].get(name) for name in by}
        made.append(
            head | {_name(figure, column): _figure(figure, column, members) for figure, column in wanted}
        )
    return made


def _name(figure: str, column: str) -> str:
    return f"{figure}_{column}" if column else figure


def _figure(figure: str, column: str, rows: list[Row]) -> Any:
    values = [row.get(column) for row in rows if row.get(column) is not None] if column else rows
    if figure == "count":
        return len(values)
    if not column:
        raise NodeError(f"Setting 'aggregates': {figure} needs a column.")
    if figure in {"min", "max"}:
        chosen = (min if figure == "min" else max)(values, key=sort_key, default=None)
        return chosen
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values):
        wrong = next(value for value in values if value not in numbers)
        raise NodeError(f"Setting 'aggregates': '{column}' holds '{str(wrong)[:40]}', which has no {figure}.")
    total = sum(numbers)
    if figure == "sum":
        return total
    return total / len(numbers) if numbers else None


def written(rows: list[Row], columns: list[str], form: str) -> str:
    if form == "json":
        return json.dumps(rows, ensure_ascii=False)
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([_defused(name) for name in columns])
        writer.writerows([[_defused(row.get(name)) for name in columns] for row in rows])
        return out.getvalue()
    lines = [columns, ["---"] * len(columns), *([_cell(row.get(name)) for name in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.replace("|", "\\|").split())


def _defused(value: Any) -> Any:
    """A spreadsheet would take a text that begins so for a formula (OWASP, CSV injection)."""
    if isinstance(value, str) and value[:1] in set("=+-@\t\r"):
        return f"'{value}"
    return value
