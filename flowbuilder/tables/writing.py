"""Rows as files that people take away: JSON lines, CSV, Parquet, written as they are sent."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

MEDIA = {
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
AT_ONCE = 1000
"""Rows of one piece."""
FORMULA = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")


def attachment(
    rows: AsyncIterator[dict[str, Any]], *, file: str, columns: Sequence[str], name: str
) -> StreamingHttpResponse:
    """The answer that downloads them as ``name`` with the file's ending."""
    answer = StreamingHttpResponse(WRITERS[file](rows, columns), content_type=MEDIA[file])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{file}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


async def json_lines(rows: AsyncIterator[dict[str, Any]], columns: Sequence[str]) -> AsyncIterator[bytes]:
    async for row in rows:
        yield json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


async def cells(rows: AsyncIterator[dict[str, Any]], columns: Sequence[str]) -> AsyncIterator[bytes]:
    """CSV that a spreadsheet opens: with a byte order mark, and no cell that it would take for a formula."""
    yield "\ufeff".encode()
    yield _line(list(columns))
    async for row in rows:
        yield _line([_cell(row.get(column, "")) for column in columns])


def _line(values: list[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return guarded(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def guarded(text: str) -> str:
    """A spreadsheet runs what begins like a formula; an apostrophe before it makes it text.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given."""
    return text[1:] if GUARDED.match(text) else text


async def table(rows: AsyncIterator[dict[str, Any]], columns: Sequence[str]) -> AsyncIterator[bytes]:
    """Parquet, a row group at a time."""
    import pyarrow
    from pyarrow import parquet

    turns = pyarrow.list_(pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())]))
    types = {"label": pyarrow.bool_(), "messages": turns}
    schema = pyarrow.schema([(column, types.get(column, pyarrow.string())) for column in columns])
    sink = io.BytesIO()
    with parquet.ParquetWriter(pyarrow.PythonFile(_Tail(sink), mode="w"), schema) as writer:
        async for piece in _pieces(rows):
            writer.write_table(pyarrow.Table.from_pylist(piece, schema))
            yield _taken(sink)
    yield _taken(sink)


class _Tail(io.RawIOBase):
    """A file of which only the end is kept: what was sent is forgotten, and its length still counts."""

    def __init__(self, sink: io.BytesIO) -> None:
        self.sink, self.written = sink, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sink.write(data)
        self.written += len(data)
        return len(data)

    def tell(self) -> int:
        return self.written


def _taken(sink: io.BytesIO) -> bytes:
    data = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return data


async def _pieces(rows: AsyncIterator[dict[str, Any]]) -> AsyncIterator[list[dict[str, Any]]]:
    piece: list[dict[str, Any]] = []
    async for row in rows:
        piece.append(row)
        if len(piece) == AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


WRITERS = {"jsonl": json_lines, "csv": cells, "parquet": table}
