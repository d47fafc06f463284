"""The record of usage added up: by day, flow, version, key, person, door, environment and model.

One pass over the rows makes a small table of sums by everything that can be asked for; the rest is adding that up. So a
page with all of its tables reads a hundred thousand runs once (``benchmarks/usage.py``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from flowbuilder.accounts.models import ApiKey, Asker, User
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.usage.models import ModelUse, UsageRecord
from flowbuilder.runs.models import Status

WAYS = ("day", "flow", "version", "key", "person", "door", "environment", "model")
DAYS_SHOWN = 30
COLUMNS = ("day", "flow_id", "version", "key_id", "person_id", "door", "environment")


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


Cell = tuple[dict[str, Any], Sums]


def cells(rows: QuerySet[UsageRecord]) -> list[Cell]:
    """Sums of the runs that are alike in everything that can be asked for."""
    found = (
        rows.order_by()
        .values(*COLUMNS)
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
    return [
        (
            row,
            Sums(
                *(row["n"], row["bad"], row["read"], row["written"], Decimal(row["spent"])),
                *(row["waited"] or 0, row["waits"], row["total"] or 0, row["totals"]),
                *(row["first"] or 0, row["firsts"]),
            ),
        )
        for row in found
    ]


def added(found: Iterable[Cell]) -> Sums:
    sums = Sums()
    for _, each in found:
        sums.add(each)
    return sums


def grouped(found: Iterable[Cell], way: str) -> dict[Any, Sums]:
    """By one of ``WAYS`` but the model; a version belongs to its flow."""
    sums: dict[Any, Sums] = {}
    for row, each in found:
        sums.setdefault(_group(row, way), Sums()).add(each)
    return sums


def _group(row: dict[str, Any], way: str) -> Any:
    if way == "version":
        return (row["flow_id"], row["version"])
    return row[f"{way}_id" if way in {"flow", "key", "person"} else way]


def by_model(rows: QuerySet[UsageRecord], model: str = "") -> dict[str, Sums]:
    """Tokens and cost by model; a run that asked two counts for both."""
    uses = ModelUse.objects.filter(record__in=rows)
    if model:
        uses = uses.filter(model=model)
    found = (
        uses.order_by()
        .values("model")
        .annotate(n=Count("*"), read=Sum("tokens_in"), written=Sum("tokens_out"), spent=Sum("cost"))
    )
    return {
        row["model"]: Sums(row["n"], 0, row["read"], row["written"], Decimal(row["spent"])) for row in found
    }


def percentile(rows: QuerySet[UsageRecord], column: str, share: float) -> int | None:
    """The nearest-rank percentile: the smallest value that at least ``share`` of all do not exceed."""
    values = rows.exclude(**{column: None}).order_by(column).values_list(column, flat=True)
    count = values.count()
    if not count:
        return None
    rank = max(1, -(-int(share * 1000) * count // 1000))
    return int(values[rank - 1 : rank].get())


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
