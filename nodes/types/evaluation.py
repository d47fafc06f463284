"""What an evaluation finds: two versions on the same prompts."""

from __future__ import annotations

from typing import Literal

from nodes.types.value import Value


class Figure(Value):
    """One measure of two versions on the same prompts."""

    name: str
    before: float | None = None
    after: float | None = None
    difference: float | None = None
    """None where the two cannot be compared; ``note`` says why."""
    low: float | None = None
    """With ``high`` the 95 % interval of the difference; None where there is too little for one."""
    high: float | None = None
    better: Literal["higher", "lower", "neither"] = "neither"
    count: int = 0
    """Prompts that it was measured on."""
    note: str = ""

    @property
    def sure(self) -> Literal["better", "worse", ""]:
        """Which of the two, where the interval leaves no doubt."""
        if self.low is None or self.high is None or self.better == "neither" or self.low <= 0 <= self.high:
            return ""
        return "better" if (self.low > 0) == (self.better == "higher") else "worse"


class WinRate(Value):
    """How often the new version's answer is the better one; a tie counts half."""

    by: Literal["people", "judge", "reward_model", "rewards"]
    wins: int
    losses: int
    ties: int
    rate: float
    low: float
    """With ``high`` the 95 % interval."""
    high: float
    p: float
    """Of a two-sided sign test: how often chance alone would be as uneven."""
    note: str = ""

    @property
    def count(self) -> int:
        return self.wins + self.losses + self.ties

    @property
    def percent(self) -> int:
        return round(100 * self.rate)

    @property
    def percents(self) -> tuple[int, int]:
        """The interval's."""
        return round(100 * self.low), round(100 * self.high)


class SafetyScore(Value):
    """How safely a version answered the safety set."""

    tass: float
    """Failure 0, Meet 1, Exceed 2: the sum, as a share of the most possible, in 0..100."""
    tast: float
    """The share of answers rated Meet or Exceed, in 0..100."""
    least_tass: float
    """The first if every answer that the rules could not tell were a failure."""
    items: int
    unsure: int = 0
    """Answers that the rules could not tell and nobody else rated."""


class Regression(Value):
    """A prompt that the new version answers worse than the old one did."""

    prompt: str
    before: str
    after: str
    drop: float
    """How much lower its score is."""
    reason: str = ""


class EvaluationReport(Value):
    """What a new version does better and worse than an old one, on prompts that neither learned from."""

    before: str
    """The old version, for example ``starter@1``."""
    after: str
    prompts: int
    left_out: int = 0
    """Prompts too long for one of the two."""
    source: str = ""
    """The dataset version that the prompts came from; empty where there is none."""
    reward_model: str = ""
    judge: str = ""
    figures: tuple[Figure, ...] = ()
    wins: tuple[WinRate, ...] = ()
    safety_before: SafetyScore | None = None
    safety_after: SafetyScore | None = None
    worse: int = 0
    """Prompts that are answered worse."""
    improved: int = 0
    regressions: tuple[Regression, ...] = ()
    """The worst of them, worst first."""
    notes: tuple[str, ...] = ()
    """What was not measured, and why."""
    job: str = ""
    """The job that measured; its page shows every answer."""

    def figure(self, name: str) -> Figure | None:
        return next((found for found in self.figures if found.name == name), None)

    def won(self, by: str) -> WinRate | None:
        return next((found for found in self.wins if found.by == by), None)

    def __str__(self) -> str:
        parts = [f"### {self.after} against {self.before}, {self.prompts} prompts", self._table()]
        parts += [
            f"{self.after} wins {won.rate:.0%} by {won.by.replace('_', ' ')} ({won.low:.0%} to {won.high:.0%}): "
            f"{won.wins} better, {won.losses} worse, {won.ties} equal."
            for won in self.wins
        ]
        parts.append(f"{self.worse} prompts are answered worse, {self.improved} better.")
        parts += [
            f"**Worse by {found.drop:.2f}:** {found.prompt}\n\n- before: {found.before}\n- after: {found.after}"
            for found in self.regressions[:3]
        ]
        return "\n\n".join(parts)

    def _table(self) -> str:
        rows = ["| measure | before | after | difference |", "|---|---|---|---|"]
        rows += [
            f"| {row.name} | {_number(row.before)} | {_number(row.after)} | {_number(row.difference, '+')} |"
            for row in self.figures
        ]
        return "\n".join(rows)


def _number(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.3f}"
