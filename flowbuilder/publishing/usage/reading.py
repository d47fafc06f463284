"""The record of usage added up: by day, flow, version, key, person, door, environment and model.

The database adds up by one thing at a time, from an index alone, and a hundred thousand runs take it some tens of
milliseconds (``benchmarks/usage.py``). Nothing is added up beforehand, so every figure is that of the runs.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Aggregate, BigIntegerField, Count, Q, QuerySet, Sum
from django.utils import timezone

from flowbuilder.accounts.models import ApiKey, Asker, User
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.usage.models import ModelUse, UsageRecord
from flowbuilder.runs.models import Status

WAYS = ("day", "flow", "version", "key", "person", "door", "environment", "model")
DAYS_SHOWN = 30
COLUMNS = {
    "day": ("day",),
    "flow": ("flow_id",),
    "version": ("flow_id", "version"),
    "key": ("key_id",),
    "person": ("person_id",),
    "door": ("door",),
    "environment": ("environment",),
}


@dataclass(frozen=True)
class Wanted:
    """Which runs; what is empty is not asked for. Both days are taken in."""

    since: date | None = None
    until: date | None = None
    flow: uuid.UUID | None = None
    key: uuid.UUID | None = None
    door: str = ""
    environment: str = ""
    model: str = ""

    @property
    def first(self) -> date:
        return self.since or (self.last - timedelta(days=DAYS_SHOWN - 1))

    @property
    def last(self) -> date:
        return self.until or timezone.now().date()

    def rows(self, asker: Asker | None) -> QuerySet[UsageRecord]:
        found = UsageRecord.objects.visible_to(asker).filter(day__gte=self.first, day__lte=self.last)
        by = {"flow": self.flow, "key": self.key, "door": self.door, "environment": self.environment}
        found = found.filter(**{name: value for name, value in by.items() if value})
        return found.filter(models__model=self.model) if self.model else found

    def uses(self, asker: Asker | None) -> QuerySet[ModelUse]:
        """Of models, by these runs. Where all runs of the days are asked for, no run is looked at."""
        if not asker or asker.only or self.flow or self.key or self.door or self.environment:
            found = ModelUse.objects.filter(record__in=self.rows(asker).order_by().values("pk"))
        else:
            days = {"day__gte": self.first, "day__lte": self.last}
            found = ModelUse.objects.filter(workspace=asker.workspace, **days)
        return found.filter(model=self.model) if self.model else found


@dataclass
class Sums:
    """What some runs used together."""

    runs: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal = Decimal(0)
    waited_ms: int = 0
    waits: int = 0
    total_ms: int = 0
    totals: int = 0
    first_ms: int = 0
    firsts: int = 0

    def add(self, other: Sums) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def queue(self) -> float | None:
        return self.waited_ms / self.waits if self.waits else None

    @property
    def latency(self) -> float | None:
        return self.total_ms / self.totals if self.totals else None

    @property
    def first_token(self) -> float | None:
        return self.first_ms / self.firsts if self.firsts else None

    def row(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in ("runs", "failed", "tokens_in", "tokens_out")},
            "cost": str(self.cost.normalize() if self.cost else 0),
            **{f"{name}_ms": _rounded(getattr(self, name)) for name in ("queue", "first_token", "latency")},
        }


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)


def added(table: Mapping[Any, Sums]) -> Sums:
    """Of all groups together; not of models, where a run that asked two stands twice."""
    sums = Sums()
    for each in table.values():
        sums.add(each)
    return sums


def grouped(rows: QuerySet[UsageRecord], way: str) -> dict[Any, Sums]:
    """By one of ``WAYS`` but the model; a version belongs to its flow."""
    columns = COLUMNS[way]
    found = (
        rows.order_by()
        .values(*columns)
        .annotate(
            n=Count("*"),
            bad=Count("status", filter=Q(status=Status.FAILED)),
            read=Sum("tokens_in"),
            written=Sum("tokens_out"),
            spent=Sum("cost"),
            waited=Sum("queue_ms"),
            waits=Count("queue_ms"),
            total=Sum("total_ms"),
            totals=Count("total_ms"),
            first=Sum("first_token_ms"),
            firsts=Count("first_token_ms"),
        )
    )
    return {
        row[columns[0]] if len(columns) == 1 else tuple(row[column] for column in columns): Sums(
            *(row["n"], row["bad"], row["read"], row["written"], Decimal(row["spent"])),
            *(row["waited"] or 0, row["waits"], row["total"] or 0, row["totals"]),
            *(row["first"] or 0, row["firsts"]),
        )
        for row in found
    }


def by_model(uses: QuerySet[ModelUse]) -> dict[str, Sums]:
    """Tokens and cost by model; a run that asked two counts for both."""
    sums = {"read": Sum("tokens_in"), "written": Sum("tokens_out"), "spent": Sum("cost")}
    return {
        row["model"]: Sums(row["n"], 0, row["read"], row["written"], Decimal(row["spent"]))
        for row in uses.order_by().values("model").annotate(n=Count("*"), **sums)
    }


def percentiles(rows: QuerySet[UsageRecord], column: str, shares: Sequence[float]) -> list[int | None]:
    """Of the nearest rank: the smallest value that at least that share of all do not exceed."""
    known = rows.order_by().exclude(**{column: None})
    if connection.vendor == "postgresql":
        given = known.aggregate(**{f"p{n}": NearestRank(column, share) for n, share in enumerate(shares)})
        return [given[f"p{number}"] for number in range(len(shares))]
    values = sorted(known.values_list(column, flat=True))
    return [
        values[max(1, -(-int(share * 1000) * len(values) // 1000)) - 1] if values else None
        for share in shares
    ]


class NearestRank(Aggregate):
    """PostgreSQL's own, which is the same by definition."""

    template = "percentile_disc(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = BigIntegerField()

    def __init__(self, column: str, share: float) -> None:
        super().__init__(column, share=float(share))


@dataclass(frozen=True)
class Names:
    """What groups are called."""

    flows: dict[Any, str]
    keys: dict[Any, str]
    people: dict[Any, str]

    @classmethod
    def of(cls, asker: Asker | None) -> Names:
        if not asker:
            return cls({}, {}, {})
        people = User.objects.filter(memberships__workspace=asker.workspace)
        if asker.flow_id is not None:  # it sees its flow, not who else is in the workspace
            people = people.none()
        return cls(
            dict(Flow.objects.visible_to(asker).values_list("pk", "name")),
            dict(ApiKey.objects.visible_to(asker).values_list("pk", "name")),
            {person.pk: str(person) for person in people},
        )

    def of_group(self, way: str, group: Any) -> str:
        """Empty where nobody is: no key, no version, no flow any more."""
        if way == "version":
            flow, version = group
            name = self.flows.get(flow, "")
            return f"{name} {version}" if version else name
        known = {"flow": self.flows, "key": self.keys, "person": self.people}.get(way)
        return known.get(group, "") if known is not None else str(group)
