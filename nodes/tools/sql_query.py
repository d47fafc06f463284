from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator

from nodes.base import Context, NodeError
from nodes.services.databases import Databases
from nodes.tools.plain import plain, shown
from nodes.tools.rows import written
from nodes.tools.select_statement import NotAllowed, names_in, parsed
from nodes.tools.tool_node import ToolNode
from nodes.types import LongText

MOST_TOLD = 40


@dataclass(frozen=True)
class Selected:
    text: str
    """The rows as a Markdown table."""
    rows: object
    """A list with a dict for each row."""


class SqlQuery(ToolNode):
    """Reads from a database with one SELECT. Values are bound, never put into the text, and nothing can be changed."""

    title = "SQL query"
    icon = "database"
    tags = ("select", "postgresql", "sqlite", "table", "rows", "database")
    sends_out = True
    timeout = 330

    database: str = Field("", max_length=60)
    """One of those that an administrator lists by name in FLOWBUILDER_DATABASES."""
    sql: LongText = ""
    """One SELECT; each :name in it becomes an input. Empty takes the whole statement from the input 'sql', for a model that writes it."""
    limit: int = Field(100, ge=1, le=10_000)
    """How many rows are read."""
    seconds: float = Field(10, ge=0.1, le=300)
    """How long it may take."""

    @field_validator("sql")
    @classmethod
    def _only_reads(cls, sql: str) -> str:
        if not sql.strip():
            return ""
        reasons = []
        for dialect in ("postgres", "sqlite"):
            try:
                parsed(sql, dialect)
                return sql
            except NotAllowed as error:
                reasons.append(str(error))
        raise ValueError(reasons[0])

    def inputs(self) -> dict[str, Any]:
        return dict.fromkeys(names_in(self.sql), object) if self.sql else {"sql": str}

    async def about(self, ctx: Context) -> str:
        if self.sql:
            return f"Reads from the database '{self.database}': {' '.join(self.sql.split())[:500]}"
        tables = await self._databases(ctx).tables(self.database)
        told = "; ".join(
            f"{name}({', '.join(columns)})" for name, columns in list(tables.items())[:MOST_TOLD]
        )
        return f"Reads from the database '{self.database}' with one SQL SELECT. Its tables: {told}."

    @staticmethod
    def _databases(ctx: Context) -> Databases:
        if ctx.databases is None:
            raise NodeError("This installation reads no databases.")
        return ctx.databases

    async def run(self, ctx: Context, **values: object) -> Selected:
        bound = {name: _bindable(value) for name, value in values.items()}
        sql = self.sql or str(bound.pop("sql", ""))
        found = await self._databases(ctx).select(
            self.database, sql, bound, most=self.limit, seconds=self.seconds
        )
        ctx.report("metric", {"rows": len(found.rows), "more": found.more})
        rows = [dict(row) for row in found.rows]
        text = written(rows, list(found.columns), "markdown")
        if found.more:
            text += f"\n\nOnly the first {self.limit} rows were read."
        return Selected(text=text, rows=rows)


def _bindable(value: object) -> Any:
    data = plain(value)
    return data if data is None or isinstance(data, str | int | float | bool) else shown(data)
