"""How the runs of a test went, each session once: two runs of one session are not two witnesses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flowbuilder.abtests.models import AbTest, Arm, Exposure
from flowbuilder.abtests.statistics import Counts
from flowbuilder.feedback.models import Kind, Rating, Reason
from flowbuilder.runs.models import ENDED, RunEvent, Status

AT_ONCE = 2000
SAY_GOOD_OR_BAD = (Kind.THUMBS, Kind.CORRECTION)


@dataclass(frozen=True)
class Outcome:
    arm: int
    """Its id."""
    good: bool
    at: datetime


def settle(test: AbTest) -> int:
    """Note how exposures went whose run has ended meanwhile; how many that were."""
    ended = test.exposures.filter(settled=False, run__status__in=ENDED).select_related("run")[:AT_ONCE]
    exposures = list(ended)
    tokens = _tokens([exposure.run_id for exposure in exposures])
    for exposure in exposures:
        run = exposure.run
        exposure.settled = True
        if run.status == Status.CANCELLED:
            continue
        exposure.ended_at = run.ended_at
        exposure.failed = run.status == Status.FAILED
        exposure.seconds = (run.ended_at - run.created_at).total_seconds()
        exposure.tokens = tokens.get(run.pk)
    Exposure.objects.bulk_update(exposures, ["settled", "failed", "seconds", "tokens", "ended_at"])
    return len(exposures)


def _tokens(runs: list[object]) -> dict[object, int]:
    """That were written in each run, where its nodes counted them."""
    found: dict[object, int] = {}
    for event in RunEvent.objects.filter(run__in=runs, type="node.finished").iterator():
        count = event.data.get("usage", {}).get("completion_tokens")
        if count is not None:
            found[event.run_id] = found.get(event.run_id, 0) + count
    return found


@dataclass(frozen=True)
class Rated:
    """One rating of an answer that an arm's version gave in the test."""

    session: str
    arm: int
    good: bool
    unsafe: bool
    at: datetime


def ratings(test: AbTest) -> list[Rated]:
    """Oldest first."""
    refs = {arm.pk: arm.version.ref for arm in test.arms.select_related("version__model")}
    said = Rating.objects.filter(run__exposures__test=test, comparison=None, kind__in=SAY_GOOD_OR_BAD)
    rows = said.order_by("created_at", "id").values_list(
        "run__exposures__session", "run__exposures__arm", "model", "kind", "up", "reason", "created_at"
    )
    return [
        Rated(session, arm, kind == Kind.THUMBS and up, reason == Reason.UNSAFE, at)
        for session, arm, model, kind, up, reason, at in rows
        # A run may ask other models too; their answers are not this test's.
        if model == refs[arm]
    ]


def by_rating(rated: Iterable[Rated]) -> list[Outcome]:
    """Whether the first rated answer of each session is good."""
    return list(_first((one.session, Outcome(one.arm, one.good, one.at)) for one in rated))


def by_run(test: AbTest, what: str) -> list[Outcome]:
    """Whether the first run of each session that ended went well: did not fail, was quick, was short."""
    rows = test.exposures.exclude(failed=None).values_list(
        "session", "arm", "ended_at", "failed", "seconds", "tokens"
    )
    found = (
        (session, Outcome(arm, _well(test, what, failed, seconds, tokens), at))
        for session, arm, at, failed, seconds, tokens in rows.order_by("ended_at", "id").iterator()
    )
    return list(_first(found))


def _well(test: AbTest, what: str, failed: bool, seconds: float, tokens: int | None) -> bool:
    if what == "slow":
        return seconds <= (test.slow_seconds or 0)
    if what == "long":
        return (tokens or 0) <= (test.long_tokens or 0)
    return not failed


def by_comparison(test: AbTest, control: Arm, challenger: Arm) -> list[bool | None]:
    """First verdicts of blind comparisons of the two since the test began: whether the challenger won, None a draw."""
    refs = {control.version.ref, challenger.version.ref}
    said = Rating.objects.filter(workspace=test.workspace_id, kind=Kind.PAIR, created_at__gte=test.created_at)
    said = said.filter(model__in=refs).exclude(comparison=None).order_by("created_at", "id")
    verdicts: dict[object, bool | None] = {}
    for rating in said.iterator(chunk_size=500):
        if {rating.model, *(other["model"] for other in rating.others)} == refs:
            won = None if rating.tie else rating.model == challenger.version.ref
            verdicts.setdefault(rating.comparison_id, won)
    return list(verdicts.values())


def counted(outcomes: Iterable[Outcome], arm: Arm) -> Counts:
    mine = [outcome.good for outcome in outcomes if outcome.arm == arm.pk]
    return Counts(sum(mine), len(mine) - sum(mine))


def _first(found: Iterable[tuple[str, Outcome]]) -> Iterator[Outcome]:
    seen = set()
    for session, outcome in found:
        if session not in seen:
            seen.add(session)
            yield outcome
