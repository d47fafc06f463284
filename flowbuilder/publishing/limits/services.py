"""Limits are set and lifted here; the audit log tells by whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey, Asker
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.limits.holding import quotas
from flowbuilder.publishing.limits.models import Limit

NAMES = ("requests_a_minute", "runs_at_once", "tokens_a_day", "tokens_a_month", "money_a_month")
MOST = 10**12


def limit_of(owner: ApiKey | Flow) -> Limit:
    """As it stands; not stored where nothing is limited."""
    about = {"key" if isinstance(owner, ApiKey) else "flow": owner}
    return Limit.objects.filter(**about).first() or Limit(workspace=owner.workspace, **about)


def set_limit(*, asker: Asker, owner: ApiKey | Flow, **values: Any) -> Limit:
    """Set what is given; None lifts it. It holds from the next call on."""
    for name, value in values.items():
        most = 10**9 if name == "money_a_month" else MOST
        if value is not None and not 0 <= value <= (2**31 - 1 if name in NAMES[:2] else most):
            raise ApiError("invalid", f"'{name}' is a number from 0 up, or empty for no limit.", 422)
    with transaction.atomic():
        limit = limit_of(owner)
        before = {name: getattr(limit, name) for name in values}
        for name, value in values.items():
            setattr(limit, name, value)
        changed = {name: value for name, value in values.items() if value != before[name]}
        if all(getattr(limit, name) is None for name in NAMES):
            if limit.pk and not limit._state.adding:
                limit.delete()
        else:
            limit.save()
        if changed:
            told = {name: "none" if value is None else str(value) for name, value in changed.items()}
            record(asker=asker, action="limit.set", subject=owner.name, details={"of": limit.whose, **told})
    return limit


def row(limit: Limit) -> dict[str, Any]:
    """The limits with what is used of those that count over time."""
    values = {name: getattr(limit, name) for name in NAMES}
    used = {} if limit._state.adding else {n: u for n, _, _, u, _ in quotas(limit, timezone.now())}
    shown = {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    return {**shown, "used": {n: str(u) if isinstance(u, Decimal) else u for n, u in used.items()}}
