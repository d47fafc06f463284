"""What the holder of a run's fence stores: events and node results, all of it or, for a stale holder, nothing.

Plain SQL: this happens after every node, and Django's ORM takes several times the processor time for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from flowbuilder.runs.models import NodeResult, Run, RunEvent, Status


class StaleFence(Exception):
    """Another worker has taken the run over: this one must stop writing."""


class Entry(NamedTuple):
    """One numbered event on its way to the stream and the database."""

    seq: int
    type: str
    node: str
    data: dict[str, Any]
    at: float

    def wire(self) -> dict[str, Any]:
        return self._asdict()


def take(run_id: uuid.UUID, *, now: datetime, until: datetime) -> bool:
    """Give the run a new fence and one life more, unless it has ended, waits, or another worker's lease is live."""
    table = connection.ops.quote_name(Run._meta.db_table)
    names = ["status", "lease_until", "fence", "lives", "id"]
    status, lease, fence, lives, number = _columns(Run, names)
    values = [
        *_adapted(Run, ["status", "lease_until", "id"], [Status.RUNNING, until, run_id]),
        *_adapted(Run, ["status", "status", "lease_until"], [Status.QUEUED, Status.RUNNING, now]),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {status} = %s, {lease} = %s, {fence} = {fence} + 1, {lives} = {lives} + 1 "  # noqa: S608 - our own names
            f"WHERE {number} = %s AND ({status} = %s OR ({status} = %s AND {lease} < %s))",
            values,
        )
        return bool(cursor.rowcount)


def store(
    run_id: uuid.UUID,
    fence: int,
    *,
    events: Iterable[Entry] = (),
    results: Mapping[str, dict[str, Any]] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> None:
    """Events, outputs by node id and fields of the run in one transaction; else ``StaleFence``."""
    with transaction.atomic():
        # Also without fields: it locks the row, so that nobody can take the fence before this is committed.
        if not _touch(run_id, fence, {"fence": fence, **(fields or {})}):
            raise StaleFence
        _insert(RunEvent, ("run", *Entry._fields), [(run_id, *event) for event in events])
        _insert(
            NodeResult, ("run", "node_id", "outputs"), [(run_id, *row) for row in (results or {}).items()]
        )


def _touch(run_id: uuid.UUID, fence: int, values: Mapping[str, Any]) -> bool:
    names, given = [*values, "id", "fence"], [*values.values(), run_id, fence]
    columns = _columns(Run, names)
    assignments = ", ".join(f"{column} = %s" for column in columns[:-2])
    table = connection.ops.quote_name(Run._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {assignments} WHERE {columns[-2]} = %s AND {columns[-1]} = %s",  # noqa: S608 - our own names
            _adapted(Run, names, given),
        )
        return bool(cursor.rowcount)


def _insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows that are there already stay as they are."""
    if not rows:
        return
    table, columns = connection.ops.quote_name(model._meta.db_table), ", ".join(_columns(model, names))
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING",  # noqa: S608 - our own names
            [_adapted(model, names, row) for row in rows],
        )


def _columns(model: type[models.Model], names: Iterable[str]) -> list[str]:
    return [connection.ops.quote_name(model._meta.get_field(name).column) for name in names]


def _adapted(model: type[models.Model], names: Sequence[str], row: Sequence[Any]) -> list[Any]:
    """Values as this database takes them."""
    return [
        model._meta.get_field(name).get_db_prep_save(value, connection)
        for name, value in zip(names, row, strict=True)
    ]
