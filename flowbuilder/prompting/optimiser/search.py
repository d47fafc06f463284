"""The search: rounds of candidates, each round's budget spent by successive halving, held-out cases have the last word."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from flowbuilder.prompting.optimiser.candidate import Candidate, Slots
from flowbuilder.prompting.optimiser.edits import edits
from flowbuilder.prompting.optimiser.examples import Shown, with_examples
from flowbuilder.prompting.optimiser.forms import forms

FEWEST_TO_HOLD_OUT = 6
HELD_OUT_SHARE = 0.4
ENOUGH = 0.999
SMALLEST_RUNG = 3
FINALISTS = 3

Score = Callable[[str, Sequence[int]], Awaitable[list[float]]]
"""(prompt, numbers of cases) -> a score in 0..1 for each."""
Propose = Callable[[Sequence[tuple[str, float]], int], Awaitable[list[str]]]
"""(prompts with their scores, how many) -> prompts that a model wrote."""


class Spent(Exception):
    """The budget is used up: what is best so far is the answer."""


@dataclass(frozen=True)
class Settings:
    rounds: int = 4
    patience: int = 2
    """Rounds without a gain after which it ends."""
    edits: int = 6
    proposals: int = 3
    answers: int = 300
    """Answers that may be asked for while it looks; what decides in the end is asked beside them."""
    seed: int = 0


@dataclass(frozen=True)
class Trial:
    """A candidate with its mean over the cases that it was scored on so far."""

    candidate: Candidate
    score: float
    cases: int


@dataclass
class Outcome:
    best: Candidate
    chosen_on: tuple[int, ...]
    held_out: tuple[int, ...]
    asked: int = 0
    """Answers so far."""
    chosen_before: float = 0.0
    """The first prompt's mean on the cases to choose on, and the best one's."""
    chosen_after: float = 0.0
    before: float = 0.0
    """The first prompt's mean on the held-out cases; on all of them where none could be held out."""
    after: float = 0.0
    better: int = 0
    """Cases of those that the best prompt answers better."""
    worse: int = 0
    trials: list[Trial] = field(default_factory=list)


def split(count: int, seed: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Cases to choose on, and cases that decide; none of the second where there are too few."""
    order = list(range(count))
    random.Random(f"split {seed}").shuffle(order)  # noqa: S311 - a draw, no secret
    away = round(HELD_OUT_SHARE * count) if count >= FEWEST_TO_HOLD_OUT else 0
    return tuple(sorted(order[away:])), tuple(sorted(order[:away]))


@dataclass
class Search:
    start: str
    slots: Slots
    cases: int
    score: Score
    usable: Sequence[Shown] = ()
    """Cases that may stand as examples."""
    propose: Propose | None = None
    chinese: bool = False
    settings: Settings = Settings()
    told: Callable[[Outcome], None] = lambda outcome: None
    """Hears of each stage."""

    def __post_init__(self) -> None:
        self.rng = random.Random(self.settings.seed)  # noqa: S311 - a draw, no secret
        self.chosen_on, self.held_out = split(self.cases, self.settings.seed)
        self.first = Candidate(self.start)
        self.scores: dict[str, dict[int, float]] = {}
        self.known: dict[str, Candidate] = {self.start: self.first}
        self.asked = 0
        self.limit: float = self.settings.answers

    async def run(self) -> Outcome:
        with contextlib.suppress(Spent):
            await self._look()
        self.limit = float("inf")
        return await self._decide()

    async def _look(self) -> None:
        """Round after round; a first one of all operators, then what is near the best."""
        await self._scored(self.first, self.chosen_on)
        self._tell()
        await self._halve(await self._first_round())
        standing = 0
        for _ in range(self.settings.rounds - 1):
            best = self._best()
            if self._mean(best) >= ENOUGH or standing >= self.settings.patience:
                return
            await self._halve(await self._next_round(best))
            standing = standing + 1 if self._best() == best else 0

    async def _first_round(self) -> list[Candidate]:
        found = list(forms(self.start, self.slots, chinese=self.chinese))
        found += with_examples(self.first, self.slots, self._showable(), self.rng)
        found += edits(self.start, self.rng, self.settings.edits, chinese=self.chinese)
        return found + await self._proposed()

    async def _next_round(self, best: Candidate) -> list[Candidate]:
        found = edits(best.text, self.rng, self.settings.edits, chinese=self.chinese)
        found = [Candidate(each.text, each.how, each.detail, best.shown) for each in found]
        found += with_examples(best, self.slots, self._showable(), self.rng, count=2)
        return found + await self._proposed()

    def _showable(self) -> list[Shown]:
        """What is held out is never shown."""
        return [shown for shown in self.usable if shown.case in self.chosen_on]

    async def _proposed(self) -> list[Candidate]:
        """Zhou et al. 2023 (APE): a model writes instructions; Yang et al. 2024 (OPRO): it sees what earlier ones scored."""
        if self.propose is None or not self.settings.proposals:
            return []
        told = sorted(((each.text, self._mean(each)) for each in self._whole()), key=lambda pair: pair[1])
        texts = await self.propose(told[-6:], self.settings.proposals)
        return [Candidate(text, "model", "") for text in texts]

    async def _halve(self, candidates: Iterable[Candidate]) -> None:
        """Successive halving (Jamieson and Talwalkar 2016, algorithm 1): all on a few cases, the better half on twice
        as many, until what is left has met all cases."""
        left = [each for each in candidates if each.text not in self.known]
        left = list({each.text: each for each in left}.values())
        self.known |= {each.text: each for each in left}
        order = list(self.chosen_on)
        self.rng.shuffle(order)
        size = min(SMALLEST_RUNG, len(order))
        while left:
            for each in left:
                await self._scored(each, order[:size])
            self._tell()
            if size == len(order):
                return
            left = sorted(left, key=self._mean, reverse=True)[: max(1, -(-len(left) // 2))]
            size = min(len(order), 2 * size)

    async def _scored(self, candidate: Candidate, cases: Sequence[int]) -> None:
        """An example in the prompt would only be copied: such a case is left out."""
        known = self.scores.setdefault(candidate.text, {})
        asked = [case for case in cases if case not in known and case not in candidate.shown]
        if asked:
            if self.asked + len(asked) > self.limit:
                raise Spent
            self.asked += len(asked)
            known |= dict(zip(asked, await self.score(candidate.text, asked), strict=True))

    def _mean(self, candidate: Candidate, cases: Sequence[int] | None = None) -> float:
        known = self.scores.get(candidate.text, {})
        wanted = self.chosen_on if cases is None else cases
        found = [known[case] for case in wanted if case in known]
        return fmean(found) if found else 0.0

    def _whole(self) -> list[Candidate]:
        """Those that have met all cases to choose on."""
        return [
            each
            for text, each in self.known.items()
            if set(self.chosen_on) - each.shown <= self.scores.get(text, {}).keys()
        ]

    def _gain(self, candidate: Candidate) -> float:
        """Over the first prompt, on the cases that both have met: an example's own case would compare apples with pears."""
        met = [case for case in self.chosen_on if case in self.scores.get(candidate.text, {})]
        return self._mean(candidate, met) - self._mean(self.first, met)

    def _best(self) -> Candidate:
        """Of equals the shorter: words that change nothing are noise."""
        return max(
            self._whole() or [self.first], key=lambda each: (round(self._gain(each), 9), -len(each.text))
        )

    async def _decide(self) -> Outcome:
        """The best on the cases to choose on that is no worse on those held out; else everything stays as it was."""
        ranked = sorted(self._whole(), key=lambda each: (-round(self._gain(each), 9), len(each.text)))
        finalists = [each for each in ranked if self._gain(each) > 1e-9][:FINALISTS]
        best = self.first
        if self.held_out:
            await self._scored(self.first, self.held_out)
            for each in finalists:
                await self._scored(each, self.held_out)
                if self._mean(each, self.held_out) >= self._mean(self.first, self.held_out):
                    best = each
                    break
        elif finalists:
            best = finalists[0]
        return self._outcome(best)

    def _outcome(self, best: Candidate) -> Outcome:
        asked = self.held_out or [case for case in self.chosen_on if case in self.scores.get(best.text, {})]
        before, after = self.scores.get(self.first.text, {}), self.scores.get(best.text, {})
        both = [(before[case], after[case]) for case in asked if case in before and case in after]
        tried = [each for each in self.known.values() if self.scores.get(each.text)]
        trials = [
            Trial(each, self._mean(each), len(set(self.chosen_on) & self.scores[each.text].keys()))
            for each in tried
        ]
        trials.sort(key=lambda trial: (trial.cases, trial.score), reverse=True)
        return Outcome(
            best=best,
            chosen_on=self.chosen_on,
            held_out=self.held_out,
            asked=self.asked,
            chosen_before=self._mean(self.first),
            chosen_after=self._mean(best),
            before=fmean(old for old, _ in both) if both else 0.0,
            after=fmean(new for _, new in both) if both else 0.0,
            better=sum(new > old for old, new in both),
            worse=sum(new < old for old, new in both),
            trials=trials,
        )

    def _tell(self) -> None:
        self.told(self._outcome(self._best()))
