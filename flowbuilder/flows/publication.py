"""Which version of a flow is live and which is on staging: set, promoted, taken back, and what that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.difference import Difference, difference
from flowbuilder.flows.models import Environment, Flow, FlowVersion
from flowbuilder.flows.services import parse_graph

PLACES = {Environment.STAGING: "staging_version", Environment.PRODUCTION: "published_version"}
"""Where a flow keeps the version of an environment."""

moved: list[Callable[[Flow], None]] = []
"""Told in the same transaction that another version became the live one, or none. Apps above put themselves here."""


def set_publication(
    *,
    asker: Asker,
    flow: Flow,
    number: int | None,
    undo: bool = False,
    environment: str = Environment.PRODUCTION,
    reason: str = "",
) -> Flow:
    """Put a version into an environment, or none; the audit log tells who did. It holds from the next call on."""
    version = None if number is None else version_of(flow, number)
    place = PLACES[environment]
    with transaction.atomic():
        # Of two who publish at once each must find what the other left.
        before = number_in(Flow.objects.select_for_update().get(pk=flow.pk), environment)
        setattr(flow, place, version)
        flow.save(update_fields=[place])
        if before != number:
            said = {"undo": undo, "reason": reason, "person": asker.user}
            flow.moves.create(environment=environment, before=before, after=number, **said)
            if environment == Environment.PRODUCTION:
                for tell in moved:
                    tell(flow)
        details: dict[str, Any] = {"before": before, "after": number}
        details |= {} if environment == Environment.PRODUCTION else {"environment": environment}
        details |= {"reason": reason} if reason else {}
        record(asker=asker, action=_action(environment, undo), subject=flow.name, details=details)
    return flow


def _action(environment: str, undo: bool) -> str:
    if undo:
        return "flow.rolled_back"
    return "flow.published" if environment == Environment.PRODUCTION else "flow.staged"


def promote(*, asker: Asker, flow: Flow, reason: str = "") -> Flow:
    """What is on staging becomes what is live; it stays on staging, too."""
    with transaction.atomic():
        tried = Flow.objects.select_for_update().get(pk=flow.pk).staging_version
        if tried is None:
            message = f"'{flow.name}' has nothing on staging: put a version there and try it first."
            raise ApiError("conflict", message, 409)
        return set_publication(asker=asker, flow=flow, number=tried.number, reason=reason)


def roll_back(
    *, asker: Asker, flow: Flow, environment: str = Environment.PRODUCTION, reason: str = ""
) -> Flow:
    """Put back what was there before; again, what was there before that."""
    earlier = previous(flow, environment)
    if earlier is None:
        live = "live" if environment == Environment.PRODUCTION else environment
        raise ApiError("conflict", f"'{flow.name}' has no earlier {live} version to go back to.", 409)
    where = {"environment": environment, "reason": reason}
    return set_publication(asker=asker, flow=flow, number=earlier.number, undo=True, **where)


def previous(flow: Flow, environment: str = Environment.PRODUCTION) -> FlowVersion | None:
    """What a roll back would put there."""
    there = flow.moves.filter(environment=environment).order_by("id")
    moves = there.values_list("before", "after", "undo")
    return flow.versions.filter(number=earlier(moves, number_in(flow, environment))).first()


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


def version_in(flow: Flow, environment: str) -> FlowVersion | None:
    """What runs there; None for the draft, which is no version, and where nothing is."""
    found: FlowVersion | None = getattr(flow, PLACES[environment]) if environment in PLACES else None
    return found


def must_be_in(flow: Flow, environment: str) -> FlowVersion:
    """The version there, for whoever asks for it by the environment's name."""
    if environment not in PLACES:
        message = f"There is no environment '{environment[:40]}'; there are {', '.join(PLACES)}."
        raise ApiError("invalid", message, 422)
    version = version_in(flow, environment)
    if version is None:
        message = (
            f"'{flow.name}' has no version in {environment}; an editor puts one there on its Publish page."
        )
        raise ApiError("not_found", message, 404)
    return version


def number_in(flow: Flow, environment: str) -> int | None:
    version = version_in(flow, environment)
    return version.number if version else None


def live_number(flow: Flow) -> int | None:
    return number_in(flow, Environment.PRODUCTION)
