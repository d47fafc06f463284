"""TigerLab's recall report (TigerRag, embedding-based retrieval): for each query the ids that were retrieved and those
that were expected, recall of each, and the average over all queries. https://github.com/tigerlab-ai/tiger, TigerRag/demos
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from flowbuilder.tables.reading import understood
from flowbuilder.testcases.models import TestRun

COLUMNS = ("query_id", "query", "retrieved_ids", "expected_ids", "recall")
SEPARATOR = re.compile(r"[;|,\s]+")
AVERAGE = "average"
NAMES = {
    "retrieved_ids": ("retrieved_ids", "retrieved"),
    "expected_ids": ("expected_ids", "expected", "product_id"),
}


@dataclass(frozen=True)
class Row:
    query_id: str
    query: str
    retrieved: tuple[str, ...]
    expected: tuple[str, ...]

    @property
    def recall(self) -> float:
        """Share of the expected ids that were retrieved; 0 where none was expected."""
        wanted = set(self.expected)
        return len(wanted & set(self.retrieved)) / len(wanted) if wanted else 0.0


@dataclass(frozen=True)
class Report:
    rows: list[Row]

    @property
    def average(self) -> float:
        return sum(row.recall for row in self.rows) / len(self.rows) if self.rows else 0.0


def read(data: bytes) -> Report:
    """A CSV with ``query`` (and ``query_id``), ``retrieved_ids`` and ``expected_ids``; ids divided by ; | , or spaces.

    Rows of one query that have an expected id each, as TigerLab's labels do, are one query.
    """
    found: dict[str, Row] = {}
    for row in understood(data, "csv", row_of):
        if row.query_id == AVERAGE:
            continue
        known = found.get(row.query_id, Row(row.query_id, row.query, (), ()))
        retrieved = tuple(dict.fromkeys([*known.retrieved, *row.retrieved]))
        expected = tuple(dict.fromkeys([*known.expected, *row.expected]))
        found[row.query_id] = Row(row.query_id, row.query, retrieved, expected)
    return Report(list(found.values()))


def row_of(row: Any) -> Row:
    query = str(row.get("query") or "").strip()
    query_id = str(row.get("query_id") or query).strip()
    if not query_id:
        raise ValueError("it has neither 'query' nor 'query_id'")
    return Row(query_id, query, ids(row, "retrieved_ids"), ids(row, "expected_ids"))


def ids(row: dict[str, Any], name: str) -> tuple[str, ...]:
    for column in NAMES[name]:
        if column in row:
            return tuple(filter(None, SEPARATOR.split(str(row[column]))))
    raise ValueError(f"it has no column '{name}'")


def report_of(test_run: TestRun) -> Report:
    """A finished run: ids of the expected passages, and of what was found those that it covers or its own."""
    rows = []
    for result in test_run.results.exclude(case=None).prefetch_related("case__expected"):
        retrieved = [
            name
            for hit in result.found
            for name in ([str(one) for one in hit["covers"]] or [f"p{hit['passage_id']}"])
        ]
        expected = [str(one.pk) for one in result.case.expected.all()]
        rows.append(
            Row(str(result.case_id), result.question, tuple(dict.fromkeys(retrieved)), tuple(expected))
        )
    return Report(rows)


async def lines(report: Report) -> AsyncIterator[dict[str, Any]]:
    for row in report.rows:
        yield {
            "query_id": row.query_id,
            "query": row.query,
            "retrieved_ids": ";".join(row.retrieved),
            "expected_ids": ";".join(row.expected),
            "recall": round(row.recall, 4),
        }
    yield {"query_id": AVERAGE, "recall": round(report.average, 4)}
