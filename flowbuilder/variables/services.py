"""Variables are read and changed here, each change in one transaction: nobody else's comes in between."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Workspace
from flowbuilder.flows.models import Environment
from flowbuilder.variables.models import Scope, Variable

LARGEST = 256 * 1024
"""Bytes of one value as JSON."""
MOST = 2_000
"""Variables of one workspace, run or session."""
NAME = re.compile(r"[^\s\x00-\x1f](?:[^\x00-\x1f]{0,98}[^\s\x00-\x1f])?")


class Refused(Exception):
    """A sentence for the person: what cannot be kept, and what could."""


@dataclass(frozen=True)
class Place:
    """Where a variable is looked for."""

    workspace_id: uuid.UUID
    scope: str = Scope.WORKSPACE
    holder: str = ""
    flow_id: uuid.UUID | None = None
    environment: str = ""
    """Of the workspace: a value that this environment has for itself stands before the common one."""

    @property
    def rows(self) -> Any:
        return Variable.objects.filter(workspace=self.workspace_id, scope=self.scope, holder=self.holder)

    def for_name(self, name: str) -> Place:
        """Where the name is: in the environment, if it has a value of its own there."""
        if not self.environment:
            return self
        own = replace(self, holder=self.environment, environment="")
        return own if own.rows.filter(name=name).exists() else replace(self, environment="")


def read(place: Place, name: str) -> Any:
    return place.for_name(name).rows.filter(name=name).values_list("value", flat=True).first()


def change(place: Place, name: str, change: Callable[[Any], Any]) -> Any:
    """Put ``change(what it holds, or None)`` there; None removes it. ``Refused`` says why it cannot be kept."""
    with transaction.atomic():
        # The workspace's row is the lock: a variable that is new has none of its own yet.
        Workspace.objects.select_for_update(no_key=True).get(pk=place.workspace_id)
        place = place.for_name(name)
        found = place.rows.filter(name=name).first()
        now = change(found.value if found else None)
        if now is None:
            place.rows.filter(name=name).delete()
            return None
        _must_be_kept(place, name, now, is_new=found is None)
        known = {
            "workspace_id": place.workspace_id,
            "scope": place.scope,
            "holder": place.holder,
            "name": name,
        }
        Variable.objects.update_or_create(**known, defaults={"value": now, "flow_id": place.flow_id})
    return now


def _must_be_kept(place: Place, name: str, value: Any, *, is_new: bool) -> None:
    if not NAME.fullmatch(name):
        raise Refused(f"'{name[:100]}' cannot name a variable: use 1 to 100 characters in one line.")
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, TypeError) as error:
        raise Refused(f"'{name}' cannot hold this: it is no JSON ({error}).") from error
    if size > LARGEST:
        raise Refused(f"'{name}' would have {size:,} bytes; a variable may have {LARGEST:,}.")
    if is_new and place.rows.count() >= MOST:
        raise Refused(f"There are {MOST:,} variables already; remove one before '{name}' is added.")


def set_by_person(*, asker: Asker, name: str, value: Any, environment: str = "") -> Variable:
    """A variable of the workspace, or of one of its environments, set by somebody who edits flows."""
    if environment and environment not in Environment.values:
        listed = ", ".join(Environment.values)
        raise ApiError("invalid", f"There is no environment '{environment[:40]}'; there are {listed}.", 422)
    place = Place(asker.workspace.pk, holder=environment)
    try:
        with transaction.atomic():
            change(place, name, lambda _: value)
            details = {"environment": environment} if environment else {}
            record(asker=asker, action="variable.set", subject=name, details=details)
    except Refused as refused:
        raise ApiError("invalid", str(refused), 422) from refused
    return place.rows.get(name=name)


def remove_by_person(*, asker: Asker, variable: Variable) -> None:
    with transaction.atomic():
        details = {"environment": variable.holder} if variable.holder else {}
        record(asker=asker, action="variable.removed", subject=variable.name, details=details)
        variable.delete()
