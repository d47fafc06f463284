"""SQL that reads and nothing else, as its parser sees it; the database's own read-only transaction stands behind it."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 20_000
READS = ("Select", "SetOperation")
CHANGES = (
    *("Insert", "Update", "Delete", "Merge", "Create", "Drop", "Alter", "Into", "Lock"),
    *("Command", "Copy", "Attach", "Pragma", "Set", "Transaction"),
)
FORBIDDEN = re.compile(
    r"pg_(?!typeof$)|lo_|dblink|set_config|current_setting|nextval|setval|query_to_xml|table_to_xml|schema_to_xml"
    r"|cursor_to_xml|database_to_xml|load_extension|readfile|writefile|edit$|fts3_tokenizer|txid_|xpath",
    re.IGNORECASE,
)
"""Functions that read files, change settings, sleep or run other SQL."""
MARK = "fbparam"


class NotAllowed(ValueError):
    """The message says what stands in the way."""


@lru_cache(maxsize=1)
def _parser() -> tuple[Any, Any, Any]:
    """sqlglot, with the classes of what reads and of what changes; a third of a second that only SQL should cost."""
    import sqlglot
    from sqlglot import exp

    # It warns of what it does not know; here that is an error of its own.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    reads, changes = (tuple(getattr(exp, name) for name in names) for names in (READS, CHANGES))
    return sqlglot, reads, changes


def parsed(sql: str, dialect: str) -> exp.Expression:
    """The one SELECT in ``sql``."""
    if len(sql) > LONGEST:
        raise NotAllowed(f"it has {len(sql)} characters; {LONGEST} are read")
    sqlglot, reads, changes = _parser()
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        statements = [found for found in sqlglot.parse(sql, dialect=dialect) if found is not None]
    except (SqlglotError, RecursionError) as error:
        first = re.sub(r"\x1b\[\d*m", "", str(error)).splitlines()[0] if str(error) else "it cannot be read"
        raise NotAllowed(f"it is no SQL that can be read: {first}") from error
    if len(statements) != 1:
        raise NotAllowed(f"it holds {len(statements) or 'no'} statements; one SELECT is run")
    statement: Any = statements[0]
    found = statement.find(*changes)
    if not isinstance(statement, reads) or found is not None:
        kind = type(found or statement).__name__.upper()
        raise NotAllowed(f"it is no SELECT that only reads: it holds {kind}")
    for function in statement.find_all(exp.Func):
        name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
        if FORBIDDEN.match(name):
            raise NotAllowed(f"the function '{name}' is not allowed")
    checked: exp.Expression = statement
    return checked


def names_in(sql: str) -> list[str]:
    """The ``:names`` of a statement, each once; none where it cannot be read."""
    from sqlglot import exp

    for dialect in ("postgres", "sqlite"):
        try:
            found = parsed(sql, dialect).find_all(exp.Placeholder)
        except NotAllowed:
            continue
        return list(dict.fromkeys(each.name for each in found if each.name))
    return []


def for_driver(statement: exp.Expression, dialect: str) -> str:
    """As the driver takes it: what runs is what was looked at, written anew."""
    from sqlglot import exp

    if dialect == "sqlite":
        return statement.sql(dialect=dialect)
    marked = statement.transform(
        lambda part: (
            exp.Var(this=f"{MARK}_{part.name}_") if isinstance(part, exp.Placeholder) and part.name else part
        )
    )
    # psycopg reads every % as the beginning of a place for a value.
    return re.sub(rf"{MARK}_(\w+)_", r"%(\1)s", marked.sql(dialect=dialect).replace("%", "%%"))
