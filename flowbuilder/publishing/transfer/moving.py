"""Moving a thing to another workspace: all of it or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Workspace
from flowbuilder.accounts.reach import Thing
from flowbuilder.publishing.transfer import bases, flows, trained
from flowbuilder.publishing.transfer.targets import target_of
from flowbuilder.sharing.models import Offer, Share
from flowbuilder.sharing.things import model_of


@dataclass(frozen=True)
class Move:
    """How one kind of thing moves."""

    along: Promise
    """What goes with it, told before."""
    stays: Promise
    """What does not."""
    reasons: Callable[[Any], list[str]]
    """Why it cannot go now; empty where it can."""
    carry: Callable[[Any, Workspace], None]


MOVES = {
    "flow": Move(
        _("Its draft, versions, runs, ratings, comments and ways in move along."),
        _("What its nodes point at stays, and so do keys that open this flow alone: they are revoked."),
        flows.reasons,
        flows.carry,
    ),
    "base": Move(
        _(
            "Its documents with their files, passages, answers and search index move along, and so do test sets that ask it alone."
        ),
        _(
            "Test sets that ask a flow too stay, and ask this base no more. Older versions of flows that name it find none."
        ),
        bases.reasons,
        bases.carry,
    ),
    "model": Move(
        _(
            "Its versions with their files, aliases, descriptions and gate move along, and so do its evaluations, A/B tests "
            "and trainings, with the data that was given to these."
        ),
        _(
            "Datasets, ratings and other models stay; what came of them is kept as a name. Older versions of flows that name "
            "it find none."
        ),
        trained.reasons,
        trained.carry,
    ),
}
"""By the kinds of things that can be shared."""


def move(*, asker: Asker, thing: Thing, workspace_id: uuid.UUID) -> Any:
    """To another workspace of the asker's own. ``ApiError`` 404 where they may not write there, 409 where it cannot go now."""
    return hand(giver=asker, thing=thing, there=target_of(asker, workspace_id))


def hand(*, giver: Asker, thing: Thing, there: Asker) -> Any:
    """From the giver's workspace to that of whoever takes it."""
    how = MOVES[thing.kind]
    with transaction.atomic():
        rows = model_of(thing.kind).objects.select_for_update().filter(workspace=giver.workspace)
        row = rows.filter(pk=thing.id).first()
        if row is None:
            raise ApiError("not_found", str(_("It is not there any more.")), 404)
        if against := how.reasons(row):
            raise ApiError("conflict", " ".join(against), 409, details=against)
        before = {"from": giver.workspace.name, "name": str(row)}
        left = [f"{one.kind} {one.name}" for one in flows.left_behind(row)] if thing.kind == "flow" else []
        how.carry(row, there.workspace)
        shares = Share.objects.of(thing)
        shares.filter(group__isnull=False).delete()  # groups are the other workspace's
        shares.update(workspace=there.workspace)
        Offer.objects.filter(kind=thing.kind, thing=thing.id).delete()
        details = {"to": there.workspace.name, "left_behind": left}
        if there.user != giver.user:
            details["taken_by"] = there.user.email if there.user else ""
        record(asker=giver, action=f"{thing.kind}.moved_away", subject=before["name"], details=details)
        record(asker=there, action=f"{thing.kind}.moved_here", subject=str(row), details=before)
    return row
