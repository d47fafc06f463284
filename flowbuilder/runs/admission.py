"""Where every way in passes: who stands above this layer may refuse a run, and is told how it went.

``runs.services.submit`` is the one function that starts runs; limits, quotas and the record of usage put themselves here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run

knocking: list[Callable[[Asker, Flow, str], None]] = []
"""(asker, flow, door): before anything is read of what they want. ``ApiError`` turns them away."""

entering: list[Callable[[Run], None]] = []
"""In the transaction that accepts the run, which is stored already: ``ApiError`` undoes that."""

leaving: list[Callable[[uuid.UUID], None]] = []
"""The run has ended. May be missed where a worker is killed at this moment, so whoever counts looks again later."""


def knock(asker: Asker, flow: Flow, door: str) -> None:
    for ask in knocking:
        ask(asker, flow, door)


def enter(run: Run) -> None:
    for ask in entering:
        ask(run)


def leave(run_id: uuid.UUID) -> None:
    for tell in leaving:
        tell(run_id)
