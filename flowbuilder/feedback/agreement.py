"""How far raters agree beyond chance.

Cohen, "A Coefficient of Agreement for Nominal Scales" (1960), for two raters; Krippendorff, "Computing
Krippendorff's Alpha-Reliability" (2011), nominal data, for any number of raters and missing ratings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from flowbuilder.feedback.models import Kind, RatingQuerySet

EQUAL = "equal"
FEW = 10
"""Answers below which the figure says little."""


@dataclass(frozen=True)
class Agreement:
    measure: str
    value: float | None
    """1 is full agreement, 0 is chance; None where everybody always said the same one thing."""
    answers: int
    """Those, or pairs, that at least two people rated."""
    people: int
    same: float
    """Share of pairs of ratings that are the same."""

    @property
    def is_thin(self) -> bool:
        return self.answers < FEW


def agreement(ratings: RatingQuerySet) -> Agreement | None:
    """Of good and bad; None where no answer was rated by two people."""
    units: dict[Hashable, dict[int, Hashable]] = defaultdict(dict)
    for rating in ratings.filter(run__isnull=False, person__isnull=False, comparison=None).iterator():
        if rating.verdict is not None:
            units[(rating.run_id, rating.node_id)][rating.person_id] = rating.verdict
    return _of(units)


def agreement_of_pairs(ratings: RatingQuerySet) -> Agreement | None:
    """Of left, right and equal, side by side; None where no pair was judged by two people."""
    units: dict[Hashable, dict[int, Hashable]] = defaultdict(dict)
    judged = ratings.filter(comparison__isnull=False, person__isnull=False, kind=Kind.PAIR)
    for rating in judged.iterator():
        units[rating.comparison_id][rating.person_id] = EQUAL if rating.tie else rating.run_id
    return _of(units)


def _of(units: Mapping[Hashable, Mapping[int, Hashable]]) -> Agreement | None:
    shared = [verdicts for verdicts in units.values() if len(verdicts) > 1]
    if not shared:
        return None
    people = sorted({person for verdicts in shared for person in verdicts})
    pairs = [pair for verdicts in shared for pair in permutations(verdicts.values(), 2)]
    same = sum(a == b for a, b in pairs) / len(pairs)
    if len(people) == 2:
        value = cohen_kappa([(verdicts[people[0]], verdicts[people[1]]) for verdicts in shared])
        return Agreement("Cohen's kappa", value, len(shared), 2, same)
    value = krippendorff_alpha([list(verdicts.values()) for verdicts in shared])
    return Agreement("Krippendorff's alpha", value, len(shared), len(people), same)


def cohen_kappa(rated: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """(observed - expected) / (1 - expected) of two raters' agreement."""
    total = len(rated)
    observed = sum(first == second for first, second in rated) / total
    firsts, seconds = Counter(first for first, _ in rated), Counter(second for _, second in rated)
    expected = sum(firsts[value] * seconds[value] for value in firsts) / total**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """1 - observed / expected disagreement; a unit is what its raters said of it, one rating each."""
    coincidences: Counter[tuple[Hashable, Hashable]] = Counter()
    for values in units:
        for pair in permutations(values, 2):
            coincidences[pair] += 1 / (len(values) - 1)  # type: ignore[assignment]
    totals: Counter[Hashable] = Counter()
    for (value, _), count in coincidences.items():
        totals[value] += count
    number = sum(totals.values())
    observed = sum(count for (a, b), count in coincidences.items() if a != b)
    expected = sum(totals[a] * totals[b] for a, b in permutations(totals, 2)) / (number - 1)
    return None if not expected else 1 - observed / expected
