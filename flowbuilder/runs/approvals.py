"""Approvals that flows wait for: which they are, and what a decision may be."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from pydantic_core import to_jsonable_python

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.runs.models import Run, Status, Wait
from nodes.flow.fields import check, fields_of
from nodes.json_rules import errors_of
from nodes.types import Record

LONGEST_COMMENT = 2000
OUTCOMES = ("approved", "refused")


def open_to(asker: Asker | None) -> Any:
    """Approvals that somebody of the workspace has to give, the longest waiting first."""
    runs = Run.objects.visible_to(asker).filter(status=Status.WAITING)
    waits = Wait.objects.filter(run__in=runs, resolved_at=None, about__kind="approval")
    return waits.select_related("run__flow").order_by("id")


def decided_for(asker: Asker | None) -> Any:
    """Approvals that were given or refused, the latest first."""
    waits = Wait.objects.filter(run__in=Run.objects.visible_to(asker), about__kind="approval")
    return waits.exclude(resolved_at=None).select_related("run__flow").order_by("-resolved_at")


def decision(wait: Wait, sent: dict[str, Any], asker: Asker) -> dict[str, Any]:
    """The answer that the node gets: what was decided, by whom and when."""
    outcome = sent.get("outcome")
    if outcome not in OUTCOMES:
        raise ApiError("invalid", f"'outcome' is one of {' and '.join(OUTCOMES)}.", 422)
    comment = sent.get("comment", "")
    if not isinstance(comment, str) or len(comment) > LONGEST_COMMENT:
        raise ApiError("invalid", f"'comment' is a text of up to {LONGEST_COMMENT} characters.", 422)
    by = f"{asker.user or 'a visitor'}" + (" (by an API key)" if asker.key_id else "")
    values = filled_in(wait.about.get("form"), sent.get("values"), needed=outcome == "approved")
    return {
        "outcome": outcome,
        "values": values,
        "comment": comment,
        "by": by,
        "at": timezone.now().isoformat(),
    }


def filled_in(schema: dict[str, Any] | None, sent: Any, *, needed: bool) -> dict[str, Any]:
    """The form's values. Who refuses need not fill it in: what cannot be read is left out then."""
    if not schema:
        return {}
    if sent is not None and not isinstance(sent, dict):
        raise ApiError("invalid", "'values' is an object: what the form asks for, by name.", 422)
    values, wrong = check(fields_of(schema), sent or {})
    plain = {
        name: value.data if isinstance(value, Record) else to_jsonable_python(value)
        for name, value in values.items()
        if value not in (None, "")
    }
    if not needed:
        return plain
    if not wrong:
        broken = (said.partition(": ") for said in errors_of(plain, schema))
        wrong = {where: message for where, _, message in broken}
    if wrong:
        details = [{"where": f"values.{name}", "message": message} for name, message in wrong.items()]
        raise ApiError("invalid", " ".join(wrong.values()), 422, details)
    return plain
