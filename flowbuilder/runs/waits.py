"""What parked runs wait for from people: which waits those are, and what an answer to one may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.runs.approvals import decision
from flowbuilder.runs.breakpoints import BREAKPOINT, decided
from flowbuilder.runs.models import Run, Wait
from flowbuilder.runs.services import answer_wait, cancel

Check = Callable[[Wait, dict[str, Any], Asker], dict[str, Any] | None]
"""From what somebody sent to the answer that the node gets, or None where the run is to end; ``ApiError`` refuses it."""

checks: dict[str, Check] = {BREAKPOINT: decided, "approval": decision}
"""By the wait's ``about["kind"]``. What has none here waits for no person."""


def open_waits(run: Run) -> list[dict[str, Any]]:
    """What the run waits for now; ``for_people`` where somebody may answer."""
    waits = run.waits.filter(resolved_at=None).order_by("pk") if not run.ended else []
    return [
        {"node": wait.node_id, "about": wait.about, "for_people": wait.about.get("kind") in checks}
        for wait in waits
    ]


def resolve(*, asker: Asker, run: Run, node: str, said: dict[str, Any]) -> None:
    """Answer what the run waits for at a node. ``ApiError`` where it waits for nothing there, or not for this."""
    wait = run.waits.filter(node_id=node, resolved_at=None).order_by("pk").first()
    if wait is None or run.ended:
        there = ", ".join(found["node"] for found in open_waits(run)) or "nowhere"
        raise ApiError("not_found", f"The run does not wait at '{node}'. It waits: {there}.", 404)
    check = checks.get(wait.about.get("kind", ""))
    if check is None:
        raise ApiError("conflict", f"'{node}' waits for no person: it goes on by itself.", 409)
    answer = check(wait, said, asker)
    if answer is None:
        cancel(run)
    elif not answer_wait(wait.key, answer):
        raise ApiError("conflict", f"Somebody else answered at '{node}' just now.", 409)
