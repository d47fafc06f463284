"""Whether two arms differ, for somebody who keeps looking: exact at any time, whatever the rates do meanwhile.

Outcomes come one by one, each of the control or of the challenger, good or bad. They are cut into blocks that end when
both arms have ``BLOCK`` outcomes, which depends on who came and not on how it went. Given how many outcomes of a block
are good, those of the challenger follow Fisher's noncentral hypergeometric distribution, which knows nothing but the
odds ratio ω of the two arms: the base rate, which may drift from hour to hour, drops out. So for every ω₀

    E(ω₀) = Σ_ω w(ω) · Π_blocks P(x | ω) / P(x | ω₀),   w a normal prior on log ω

is a nonnegative martingale that starts at 1 if ω₀ is the truth, and by Ville's inequality reaches 1/α with a chance of
at most α, ever. 1/E(1) is a p-value, and {ω₀: E(ω₀) < 1/α} an interval, that hold at any look. Such tests are Wald's
(1947, chapter 6) and Robbins' (1970); p-values of this kind Johari et al., "Peeking at A/B tests" (2017); intervals
Howard et al., "Time-uniform, nonparametric, nonasymptotic confidence sequences" (2021); blocks of two by two tables
Turner, Ly and Grünwald, "Generic E-variables for exact sequential k-sample tests" (2024).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

BLOCK = 5
"""Outcomes of each arm in a block. No block size loses information where arms come in their shares; smaller ones lose
some to chance in who comes, and larger ones make whoever looks wait."""
SPREAD = 0.7
"""Of the prior on log ω: a rate of 50 % against one of 67 %."""
STEP = 0.08
GRID = tuple(STEP * number for number in range(-40, 41))
WEIGHTS = tuple(math.exp(-((log_odds / SPREAD) ** 2) / 2) for log_odds in GRID)
WIDEST = 10.0
"""Of log ω, for intervals."""
HALVINGS = 30


@dataclass(frozen=True)
class Block:
    control: int
    """Outcomes."""
    challenger: int
    good: int
    """Of both."""
    better: int
    """Good ones of the challenger."""


@dataclass(frozen=True)
class Evidence:
    p_value: float
    low: float
    high: float
    """Of log ω."""
    blocks: int


def compare(outcomes: Iterable[tuple[bool, bool]], alpha: float) -> Evidence:
    """Of (is the challenger's, is good), in the order in which they came."""
    blocks = Counter(_blocks(outcomes))
    likelihoods = _likelihoods(blocks)
    mixture = _mixed(likelihoods)
    limit = mixture + math.log(alpha)
    best = GRID[likelihoods.index(max(likelihoods))]
    low, high = (_edge(blocks, best, end, limit) for end in (-WIDEST, WIDEST))
    p_value = min(1.0, math.exp(likelihoods[GRID.index(0.0)] - mixture))
    return Evidence(p_value, low, high, blocks.total())


def points(log_odds: float, rate: float) -> float:
    """What an odds ratio makes of a rate, less the rate."""
    odds = math.exp(log_odds)
    return odds * rate / (1 - rate + odds * rate) - rate


def _blocks(outcomes: Iterable[tuple[bool, bool]]) -> Iterable[Block]:
    seen, good = [0, 0], [0, 0]
    for challenger, well in outcomes:
        seen[challenger] += 1
        good[challenger] += well
        if min(seen) == BLOCK:
            yield Block(seen[0], seen[1], sum(good), good[1])
            seen, good = [0, 0], [0, 0]


def _likelihoods(blocks: Counter[Block]) -> list[float]:
    """Logs, of everything that was seen, on the grid."""
    found = [0.0] * len(GRID)
    for block, count in blocks.items():
        for index, value in enumerate(_on_grid(block)):
            found[index] += count * value
    return found


def _mixed(likelihoods: Sequence[float]) -> float:
    """The log of their mean under the prior."""
    highest = max(likelihoods)
    scaled = (math.exp(value - highest) for value in likelihoods)
    total = math.fsum(weight * value for weight, value in zip(WEIGHTS, scaled, strict=True))
    return highest + math.log(total / math.fsum(WEIGHTS))


def _log_likelihood(blocks: Counter[Block], log_odds: float) -> float:
    return math.fsum(count * _log_chance(block, log_odds) for block, count in blocks.items())


@lru_cache(maxsize=4096)
def _on_grid(block: Block) -> Sequence[float]:
    return tuple(_log_chance(block, log_odds) for log_odds in GRID)


def _log_chance(block: Block, log_odds: float) -> float:
    """Of the challenger's good outcomes, given all good ones of the block."""
    counts, ways = _ways(block)
    exponents = [way + count * log_odds for count, way in zip(counts, ways, strict=True)]
    highest = max(exponents)
    total = math.log(math.fsum(math.exp(value - highest) for value in exponents)) + highest
    return exponents[block.better - counts[0]] - total


@lru_cache(maxsize=4096)
def _ways(block: Block) -> tuple[range, Sequence[float]]:
    """How many good outcomes may be the challenger's, and the log of in how many ways."""
    counts = range(max(0, block.good - block.control), min(block.good, block.challenger) + 1)
    return counts, tuple(
        math.log(math.comb(block.challenger, count) * math.comb(block.control, block.good - count))
        for count in counts
    )


def _edge(blocks: Counter[Block], inside: float, outside: float, limit: float) -> float:
    """Where the likelihood, which is concave, falls below the limit."""
    if _log_likelihood(blocks, outside) > limit:
        return outside
    for _ in range(HALVINGS):
        between = (inside + outside) / 2
        if _log_likelihood(blocks, between) > limit:
            inside = between
        else:
            outside = between
    return inside
