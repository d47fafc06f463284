"""Which version of a flow is live: set, taken back, taken offline, and what that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.difference import Difference, difference
from flowbuilder.flows.models import Flow, FlowVersion
from flowbuilder.flows.services import parse_graph

moved: list[Callable[[Flow], None]] = []
"""Told in the same transaction that another version became the live one, or none. Apps above put themselves here."""


def set_publication(*, asker: Asker, flow: Flow, number: int | None, undo: bool = False) -> Flow:
    """Make a version the live one, or none; the audit log tells who did. It holds from the next call on."""
    version = None if number is None else version_of(flow, number)
    with transaction.atomic():
        # Of two who publish at once each must find what the other left.
        before = live_number(Flow.objects.select_for_update().get(pk=flow.pk))
        flow.published_version = version
        flow.save(update_fields=["published_version"])
        if before != number:
            flow.moves.create(before=before, after=number, undo=undo, person=asker.user)
            for tell in moved:
                tell(flow)
        action = "flow.rolled_back" if undo else "flow.published"
        record(asker=asker, action=action, subject=flow.name, details={"before": before, "after": number})
    return flow


def roll_back(*, asker: Asker, flow: Flow) -> Flow:
    """Make live what was live before; again, what was live before that."""
    earlier = previous(flow)
    if earlier is None:
        raise ApiError("conflict", f"'{flow.name}' has no earlier live version to go back to.", 409)
    return set_publication(asker=asker, flow=flow, number=earlier.number, undo=True)


def previous(flow: Flow) -> FlowVersion | None:
    """What a roll back would make live."""
    moves = flow.moves.order_by("id").values_list("before", "after", "undo")
    return flow.versions.filter(number=earlier(moves, live_number(flow))).first()


def earlier(moves: Iterable[tuple[int | None, int | None, bool]], live: int | None) -> int | None:
    """The version before the last move (before, after, whether it is a roll back) that was not taken back. Nobody
    rolls back to nothing, so times offline are passed over."""
    left: list[int | None] = []
    for before, after, undo in moves:
        if not undo:
            left.append(before)
            continue
        while left and left.pop() != after:
            pass
    return next((number for number in reversed(left) if number not in {None, live}), None)


def changes(flow: Flow, *, since: int | None, version: int | None) -> Difference:
    """From a version (by default what is live, or nothing) to another (by default the draft)."""
    before = flow.published_version.graph if flow.published_version else {}
    if since is not None:
        before = version_of(flow, since).graph
    after = flow.graph if version is None else version_of(flow, version).graph
    return difference(parse_graph(before), parse_graph(after))


def version_of(flow: Flow, number: int) -> FlowVersion:
    version = flow.versions.filter(number=number).first()
    if version is None:
        raise ApiError("not_found", f"'{flow.name}' has no version {number}.", 404)
    return version


def live_number(flow: Flow) -> int | None:
    return flow.published_version.number if flow.published_version else None
