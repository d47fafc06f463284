from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from nodes.base import NodeError
from nodes.tools.rows import Row, aggregated, rows_of, sort_key, written
from nodes.tools.tool_node import ToolNode
from nodes.types import Value


class Filter(Value):
    """A row stays where this holds."""

    column: str = Field(min_length=1)
    """The column that is looked at."""
    test: Literal[
        "is", "is not", "contains", "at least", "at most", "more than", "less than", "empty", "not empty"
    ] = "is"
    """What its value has to be."""
    value: str = ""
    """What it is compared with; as numbers where both are."""

    def holds(self, row: Row) -> bool:
        found = row.get(self.column)
        text = "" if found is None else str(found)
        mine, other = sort_key(found), sort_key(self.value)
        tests = {
            "is": lambda: mine == other,
            "is not": lambda: mine != other,
            "contains": lambda: self.value.lower() in text.lower(),
            "at least": lambda: bool(text) and mine >= other,
            "at most": lambda: bool(text) and mine <= other,
            "more than": lambda: bool(text) and mine > other,
            "less than": lambda: bool(text) and mine < other,
            "empty": lambda: not text,
            "not empty": lambda: bool(text),
        }
        return tests[self.test]()


class Aggregate(Value):
    """One figure of each group."""

    figure: Literal["count", "sum", "mean", "min", "max"] = "count"
    """What is worked out."""
    column: str = ""
    """Of which column; count needs none."""


@dataclass(frozen=True)
class Tabled:
    text: str
    rows: object
    """A list with a dict for each row."""


class Table(ToolNode):
    """Reads a table (CSV, or JSON rows), filters, sorts and sums it up, and writes it as Markdown, CSV or JSON."""

    icon = "table"
    tags = ("csv", "rows", "columns", "filter", "sort", "group", "aggregate", "spreadsheet", "markdown")
    pure = True

    separator: Literal["detect", ",", ";", "tab", "|"] = "detect"
    """What stands between the values of a CSV text."""
    filters: tuple[Filter, ...] = Field((), max_length=20)
    """Rows for which all of these hold stay."""
    group_by: tuple[str, ...] = Field((), max_length=10)
    """Columns by which rows are put together; none with aggregates makes one row of all."""
    aggregates: tuple[Aggregate, ...] = Field((), max_length=20)
    """What is worked out of each group."""
    sort_by: str = ""
    """A column, also one that an aggregate made, such as sum_price; empty leaves the order."""
    descending: bool = False
    """Whether the largest comes first."""
    columns: tuple[str, ...] = Field((), max_length=100)
    """Which columns stay, in this order; none keeps all."""
    limit: int = Field(1000, ge=1, le=100_000)
    """How many rows are kept."""
    writes: Literal["markdown", "csv", "json"] = "markdown"
    """The form of the text."""

    async def run(
        self, data: Annotated[Any, Field(description="CSV with a header, or a JSON list of objects")]
    ) -> Tabled:
        rows = rows_of(data, self.separator)
        known = list(dict.fromkeys(name for row in rows for name in row))
        self._must_know("filters", [rule.column for rule in self.filters], known)
        rows = [row for row in rows if all(rule.holds(row) for rule in self.filters)]
        if self.group_by or self.aggregates:
            self._must_know("group_by", self.group_by, known)
            self._must_know("aggregates", [each.column for each in self.aggregates if each.column], known)
            rows = aggregated(rows, self.group_by, [(each.figure, each.column) for each in self.aggregates])
            known = list(rows[0]) if rows else known
        if self.sort_by:
            self._must_know("sort_by", [self.sort_by], known)
            rows = sorted(rows, key=lambda row: sort_key(row.get(self.sort_by)), reverse=self.descending)
        self._must_know("columns", self.columns, known)
        names = list(self.columns) or known
        kept = [{name: row.get(name) for name in names} for row in rows[: self.limit]]
        return Tabled(text=written(kept, names, self.writes), rows=kept)

    @staticmethod
    def _must_know(setting: str, columns: Any, known: list[str]) -> None:
        for name in columns:
            if name not in known:
                raise NodeError(
                    f"Setting '{setting}': there is no column '{name}'. There is: {', '.join(known[:30]) or 'none'}."
                )
