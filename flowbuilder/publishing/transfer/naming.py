"""A name that nothing has there yet."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db.models import QuerySet


def free_name(there: QuerySet[Any], name: str, between: str) -> str:
    """``name``, or with the first number after it that makes it one of its own; as long as the column at most."""
    longest = there.model._meta.get_field("name").max_length
    taken = set(there.values_list("name", flat=True))
    if name not in taken:
        return name
    numbered = (f"{between}{number}" for number in count(2))
    return next(found for end in numbered if (found := name[: longest - len(end)] + end) not in taken)
