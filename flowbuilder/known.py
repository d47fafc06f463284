"""Whether a row is there at all: asked on every call, and mostly answered with no.

Plain SQL, put together once: for a question like this Django takes ten times as long as the database.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection, models


def any_row(model: type[models.Model], **values: Any) -> bool:
    """Whether a row has all of these values; the names are the model's own fields."""
    fields = [_field(model, name) for name in values]
    given = [
        field.get_db_prep_value(value, connection)
        for field, value in zip(fields, values.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_question(model, tuple(values), connection.vendor), given)
        return cursor.fetchone() is not None


@cache
def _question(model: type[models.Model], names: tuple[str, ...], vendor: str) -> str:
    quote = connection.ops.quote_name
    wanted = " AND ".join(f"{quote(_field(model, name).column)} = %s" for name in names)
    return f"SELECT 1 FROM {quote(model._meta.db_table)} WHERE {wanted} LIMIT 1"  # noqa: S608 - our own names


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)
