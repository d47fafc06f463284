"""What a test has shown so far: each arm's figures, and each challenger beside the control."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from flowbuilder.abtests import sequential, statistics
from flowbuilder.abtests.models import AbTest, Arm, Metric
from flowbuilder.abtests.outcomes import Outcome, Rated, by_comparison, by_rating, by_run, counted, ratings
from flowbuilder.abtests.statistics import Counts
from flowbuilder.feedback.intervals import wilson

MISMATCH = 0.001
"""Below this the split of sessions is not the one that was asked for, and nothing else can be trusted."""


@dataclass(frozen=True)
class Difference:
    """A challenger less the control, in the share of good outcomes."""

    control: Counts
    challenger: Counts
    level: float
    """The α of this one figure."""
    value: float | None
    low: float
    high: float
    """The interval of the odds ratio, which holds at any look, as what it makes of the control's rate."""
    p_value: float
    """Always valid."""
    fixed: float
    """Fisher's p-value: right only where the number of sessions was fixed before, and looked at once."""

    @property
    def better(self) -> bool:
        return self.p_value <= self.level and (self.value or 0) > 0

    @property
    def worse(self) -> bool:
        return self.p_value <= self.level and (self.value or 0) < 0

    @property
    def least(self) -> int:
        return min(self.control.total, self.challenger.total)


@dataclass(frozen=True)
class ArmResult:
    arm: Arm
    sessions: int
    runs: int
    failures: int
    good: int
    bad: int
    unsafe: int
    outcomes: Counts
    """Of the deciding metric, one a session."""
    interval: tuple[float, float] | None
    """Wilson's, of the rate of good outcomes."""
    p50: float | None
    p95: float | None
    tokens: float | None
    """On average."""


@dataclass(frozen=True)
class Versus:
    """A challenger beside the control."""

    arm: Arm
    deciding: Difference
    draws: int = 0
    """Of blind comparisons."""
    guards: dict[str, Difference] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    arms: list[ArmResult]
    versus: list[Versus]
    ratio: float
    """P-value of the split of sessions."""
    outcomes: list[Outcome]

    @property
    def mismatched(self) -> bool:
        return self.ratio < MISMATCH


def results(test: AbTest) -> Results:
    arms = list(test.arms.select_related("version__model"))
    control, challengers = arms[0], arms[1:]
    level = test.alpha / (len(challengers) * (1 + len(test.guards)))
    rated = ratings(test)
    outcomes = _outcomes(test, rated)
    guards = {name: by_run(test, name) for name in test.guards}
    found = [_arm(test, arm, rated, outcomes) for arm in arms]
    versus = []
    for arm in challengers:
        deciding, draws = _between(outcomes, control, arm, level), 0
        if test.metric == Metric.WINS:
            deciding, draws = _wins(test, control, arm, level)
        beside = {name: _between(went, control, arm, level) for name, went in guards.items()}
        versus.append(Versus(arm, deciding, draws, beside))
    ratio = statistics.sample_ratio([one.sessions for one in found], [arm.share for arm in arms])
    return Results(found, versus, ratio, outcomes)


def _outcomes(test: AbTest, rated: list[Rated]) -> list[Outcome]:
    return by_run(test, "errors") if test.metric == Metric.ERRORS else by_rating(rated)


def _between(outcomes: list[Outcome], control: Arm, challenger: Arm, level: float) -> Difference:
    ours = (control.pk, challenger.pk)
    found = sequential.compare(
        ((outcome.arm == challenger.pk, outcome.good) for outcome in outcomes if outcome.arm in ours), level
    )
    one, other = counted(outcomes, control), counted(outcomes, challenger)
    # Half an outcome more of each kind: a rate of 0 or 1 has no odds.
    rate = (one.good + 0.5) / (one.total + 1)
    known = bool(one.total and other.total)
    return Difference(
        one,
        other,
        level,
        other.good / other.total - one.good / one.total if known else None,
        sequential.points(found.low, rate) if known else -1.0,
        sequential.points(found.high, rate) if known else 1.0,
        found.p_value,
        statistics.fisher(one, other),
    )


def _wins(test: AbTest, control: Arm, challenger: Arm, level: float) -> tuple[Difference, int]:
    """Wins less losses; draws say nothing of which is better."""
    verdicts = by_comparison(test, control, challenger)
    won = Counts(verdicts.count(True), verdicts.count(False))
    lost = Counts(won.bad, won.good)
    low, high = statistics.chance(won, level)
    fixed = statistics.sign_test(won)
    value = 2 * won.rate - 1 if won.rate is not None else None
    p_value = statistics.p_value_of_half(won)
    return Difference(lost, won, level, value, 2 * low - 1, 2 * high - 1, p_value, fixed), verdicts.count(
        None
    )


def _arm(test: AbTest, arm: Arm, rated: list[Rated], outcomes: list[Outcome]) -> ArmResult:
    mine = [one for one in rated if one.arm == arm.pk]
    good = sum(one.good for one in mine)
    exposures = test.exposures.filter(arm=arm)
    ended = exposures.exclude(failed=None)
    seconds = sorted(ended.filter(failed=False).values_list("seconds", flat=True))
    tokens = list(ended.exclude(tokens=None).values_list("tokens", flat=True))
    counts = counted(outcomes, arm)
    return ArmResult(
        arm=arm,
        sessions=exposures.order_by().values("session").distinct().count(),
        runs=exposures.count(),
        failures=ended.filter(failed=True).count(),
        good=good,
        bad=len(mine) - good,
        unsafe=sum(one.unsafe for one in mine),
        outcomes=counts,
        interval=wilson(counts.good, counts.total),
        p50=_quantile(seconds, 0.5),
        p95=_quantile(seconds, 0.95),
        tokens=sum(tokens) / len(tokens) if tokens else None,
    )


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """The nearest rank."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
