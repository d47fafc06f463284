"""``nodes.services.databases.Databases``: SQLite and PostgreSQL, opened to be read and nothing else."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

import psycopg
from django.conf import settings
from psycopg.rows import tuple_row

from nodes.base import NodeError
from nodes.services.databases import Found
from nodes.tools.select_statement import NotAllowed, for_driver, parsed

log = logging.getLogger(__name__)
CONNECT_SECONDS = 10
LONGEST_TEXT = 100_000
STEPS = 10_000
"""Of SQLite's machine between two looks at the clock."""
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
TABLES = "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, p.cid"
COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, ordinal_position LIMIT 5000"
Rows = tuple[list[str], list[tuple[Any, ...]]]


class NodeDatabases:
    """Those of ``FLOWBUILDER_DATABASES``; every workspace of the installation may read them."""

    async def select(
        self, database: str, sql: str, values: Mapping[str, Any], *, most: int, seconds: float
    ) -> Found:
        address = _address(database)
        dialect = "sqlite" if address.startswith("sqlite:") else "postgres"
        try:
            text = for_driver(parsed(sql, dialect), dialect)
        except NotAllowed as error:
            raise NodeError(f"Setting 'sql': {error}.") from error
        columns, rows = await asyncio.to_thread(
            _read, database, address, text, dict(values), most + 1, seconds
        )
        names = _own_names(columns)
        kept = tuple(dict(zip(names, map(_plain, row), strict=True)) for row in rows[:most])
        return Found(columns=tuple(names), rows=kept, more=len(rows) > most)

    async def tables(self, database: str) -> Mapping[str, tuple[str, ...]]:
        address = _address(database)
        sql = TABLES if address.startswith("sqlite:") else COLUMNS
        _, rows = await asyncio.to_thread(
            _read, database, address, sql, {}, 5000, CONNECT_SECONDS, looks=True
        )
        found: dict[str, tuple[str, ...]] = {}
        for table, column in rows:
            found[table] = (*found.get(table, ()), column)
        return found


def _address(database: str) -> str:
    known: dict[str, str] = settings.FLOWBUILDER_DATABASES
    if database not in known:
        listed = ", ".join(known) or "none: an administrator lists them in FLOWBUILDER_DATABASES"
        raise NodeError(f"Setting 'database': there is no '{database[:60]}'. There is: {listed}.")
    return known[database]


def _read(
    database: str,
    address: str,
    sql: str,
    values: dict[str, Any],
    most: int,
    seconds: float,
    *,
    looks: bool = False,
) -> Rows:
    """A failure tells what the database says of the statement, never where it is or who signs in."""
    read: Callable[..., Rows] = _from_sqlite if address.startswith("sqlite:") else _from_postgres
    try:
        return read(address, sql, values, most, seconds, looks)
    except (psycopg.errors.QueryCanceled, sqlite3.OperationalError) as error:
        if isinstance(error, sqlite3.OperationalError) and "interrupted" not in str(error):
            log.info("database %s: %s", database, error)
            said = "it cannot be opened" if "unable to open" in str(error) else str(error)
            raise NodeError(f"The database '{database}' refused: {said}.") from error
        raise NodeError(
            f"The database '{database}' took longer than {seconds:g} s; see 'seconds'."
        ) from error
    except psycopg.OperationalError as error:
        log.warning("database %s: %s", database, error)
        raise NodeError(f"The database '{database}' cannot be reached.") from error
    except (psycopg.Error, sqlite3.Error) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise NodeError(f"The database '{database}' refused: {first}.") from error


def _from_sqlite(
    address: str, sql: str, values: dict[str, Any], most: int, seconds: float, looks: bool
) -> Rows:
    path = unquote(urlsplit(address).path)
    # "sqlite:////srv/x.db" is /srv/x.db, as Django's own addresses have it.
    path = path[1:] if path.startswith("//") else path
    end = time.monotonic() + seconds
    with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=seconds)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.set_progress_handler(lambda: int(time.monotonic() > end), STEPS)
        if not looks:
            connection.set_authorizer(
                lambda action, *_: sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY
            )
        cursor = connection.execute(sql, values)
        return [column[0] for column in cursor.description], cursor.fetchmany(most)


def _from_postgres(
    address: str, sql: str, values: dict[str, Any], most: int, seconds: float, looks: bool
) -> Rows:
    limits = f"-c statement_timeout={int(seconds * 1000)} -c default_transaction_read_only=on"
    with psycopg.connect(
        address,
        connect_timeout=CONNECT_SECONDS,
        options=limits,
        row_factory=tuple_row,
        application_name="flowbuilder",
    ) as connection:
        connection.read_only = True
        # A cursor of the server's: rows beyond the limit never travel.
        with connection.cursor(name="flowbuilder") as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchmany(most)
            names = [column.name for column in cursor.description or ()]
        connection.rollback()
        return names, rows


def _own_names(columns: list[str]) -> list[str]:
    """Two columns of one name would be one in a dict."""
    return [
        name if columns.index(name) == place else f"{name}_{place + 1}" for place, name in enumerate(columns)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return f"[{len(bytes(value))} bytes]"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta | UUID):
        return str(value)
    if isinstance(value, str):
        return value[:LONGEST_TEXT].replace("\0", "�")
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    return str(value)
