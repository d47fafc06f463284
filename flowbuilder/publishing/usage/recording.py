"""Each run is put on record when it is accepted, and what it used when it has ended."""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from flowbuilder.publishing.usage.models import ModelUse, UsageRecord
from flowbuilder.publishing.usage.prices import Prices
from flowbuilder.runs.models import ENDED, INSIDE, Run, RunEvent

log = logging.getLogger(__name__)
TELLING = ("node.started", "node.report", "node.finished", "node.failed")
AT_ONCE = 200
UNHEARD = timedelta(seconds=10)
VISITOR = "visitor:"


def begin(run: Run) -> None:
    """In the transaction that accepts the run; one that goes on after a failure is open again."""
    record = UsageRecord(
        pk=run.pk,
        workspace_id=run.workspace_id,
        at=run.created_at,
        day=run.created_at.date(),
        flow_id=run.flow_id,
        version=run.version.number if run.version else None,
        environment=run.environment,
        door=run.door,
        outside=run.door not in INSIDE,
        key_id=run.key_id,
        person_id=run.person_id,
        visitor=run.session.removeprefix(VISITOR)[:60] if run.session.startswith(VISITOR) else "",
        status=run.status,
    )
    again = {"unique_fields": ["id"], "update_fields": ["status", "ended_at"]}
    UsageRecord.objects.bulk_create([record], update_conflicts=True, **again)


def settle(run_id: uuid.UUID) -> None:
    """Put down what an ended run used, in place of what was put down before."""
    ended = Run.objects.filter(pk=run_id, status__in=ENDED)
    run = next(iter(ended.values_list("workspace", "status", "created_at", "ended_at")), None)
    if run is None:
        return
    workspace_id, status, created_at, ended_at = run
    ended_at = ended_at or timezone.now()
    told = Told.of(run_id)
    prices = Prices.of(workspace_id) if told.models else Prices({})
    uses = [
        ModelUse(
            record_id=run_id,
            model=model[:200],
            tokens_in=used.read,
            tokens_out=used.written,
            seconds=used.seconds,
            cost=prices.cost(model, used.read, used.written, used.seconds),
        )
        for model, used in told.models.items()
    ]
    known = {
        "status": status,
        "ended_at": ended_at,
        "queue_ms": milliseconds(created_at, told.began),
        "first_token_ms": milliseconds(created_at, told.spoke),
        "total_ms": milliseconds(created_at, ended_at.timestamp()),
        "tokens_in": sum(use.tokens_in for use in uses),
        "tokens_out": sum(use.tokens_out for use in uses),
        "cost": sum((use.cost for use in uses), Decimal(0)),
    }
    with transaction.atomic():
        # It locks the row: of two who put down the same run, the second replaces what the first did.
        if UsageRecord.objects.filter(pk=run_id).update(**known) and uses:
            ModelUse.objects.filter(record=run_id).delete()
            # The flow may have moved meanwhile, and its record with it.
            workspace_id, day = UsageRecord.objects.values_list("workspace", "day").get(pk=run_id)
            for use in uses:
                use.workspace_id, use.day = workspace_id, day
            ModelUse.objects.bulk_create(uses)


def settle_what_was_missed() -> int:
    """Of runs whose end nobody told: a worker was killed at that moment, or somebody cancelled."""
    ended = Run.objects.filter(pk=OuterRef("pk"), status__in=ENDED)
    open_ = UsageRecord.objects.filter(ended_at=None, at__lt=timezone.now() - UNHEARD)
    missed = list(open_.filter(Exists(ended)).values_list("pk", flat=True)[:AT_ONCE])
    for run_id in missed:
        settle(run_id)
    gone = open_.filter(~Exists(Run.objects.filter(pk=OuterRef("pk"))))
    gone.update(ended_at=timezone.now(), status="cancelled")
    return len(missed)


@dataclass
class Used:
    read: int = 0
    written: int = 0
    seconds: float = 0.0


@dataclass
class Told:
    """What a run's events say of its use. By node as well, for the editor."""

    began: float | None = None
    spoke: float | None = None
    models: dict[str, Used] = field(default_factory=lambda: defaultdict(Used))
    nodes: dict[str, dict[str, Used]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Used)))

    @classmethod
    def of(cls, run_id: uuid.UUID) -> Told:
        told, asked = cls(), {}
        rows = RunEvent.objects.filter(run=run_id, type__in=TELLING).order_by("seq")
        for type_, node, data, at in rows.values_list("type", "node", "data", "at"):
            if told.began is None:
                told.began = at
            if type_ == "node.report":
                told._hear(asked, node, data)
            elif type_ in {"node.finished", "node.failed"} and node in asked:
                told._count(node, asked[node], seconds=float(data.get("seconds") or 0))
        if told.models:
            tokens = RunEvent.objects.filter(run=run_id, type="node.token").order_by("seq")
            told.spoke = tokens.values_list("at", flat=True).first()
        return told

    def _hear(self, asked: dict[str, str], node: str, data: dict[str, object]) -> None:
        """A node says which model it asks, then what that used."""
        if data.get("kind") == "model":
            asked[node] = str(data.get("model"))
            self._count(node, asked[node])
        elif data.get("kind") == "usage" and node in asked:
            read, written = (int(str(data.get(name) or 0)) for name in ("prompt_tokens", "completion_tokens"))
            self._count(node, asked[node], read, written)

    def _count(self, node: str, model: str, read: int = 0, written: int = 0, seconds: float = 0.0) -> None:
        for used in (self.models[model], self.nodes[node][model]):
            used.read += read
            used.written += written
            used.seconds += seconds


def milliseconds(begin: datetime, end: float | None) -> int | None:
    """Clocks of two machines may differ by a little: nothing takes less than no time."""
    return None if end is None else max(0, round((end - begin.timestamp()) * 1000))
