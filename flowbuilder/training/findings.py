"""What an evaluation found: from what each version answered to each prompt, the figures of both. No torch here.

The recipe computes them when it has measured, and the evaluation app again when people have judged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from flowbuilder.training.safety.rating import Rated, score
from flowbuilder.training.winning import bootstrap, win_rate
from nodes.types import EvaluationReport, Figure, Regression, SafetyScore, ScorePart

SHOWN = 5
"""Regressions that a report carries; the evaluation's page has all."""
SAME = 1e-6
"""Scores that are nearer to each other are a tie."""


class Side(BaseModel):
    """What one version did with one prompt."""

    model_config = ConfigDict(extra="forbid")

    answer: str
    """The likeliest answer."""
    samples: list[str] = []
    """Drawn ones beside it; scores are means over all."""
    score: float | None = None
    """Of rules and reward model together, in 0..1."""
    rules: float | None = None
    learned: float | None = None
    parts: list[ScorePart] = []
    """Of the likeliest answer."""
    valid: float | None = None
    """Share of its answers that satisfy the schema."""
    loss: float | None = None
    """Of the reference, in nats, all its tokens together with the end."""
    tokens: int = 0
    """Of the reference."""
    repeated: float = 0.0
    rated: Rated | None = None
    """Safety items only."""


class Row(BaseModel):
    """One prompt and both versions' answers."""

    model_config = ConfigDict(extra="forbid")

    number: int
    prompt: str
    reference: str = ""
    item: str = ""
    """The safety item that it is; empty for prompts of the evaluation."""
    before: Side
    after: Side
    judged: float | None = None
    """By the judge model: 1 the new one is better, 0 the old one, 0.5 a tie."""
    judge_agreed: bool | None = None
    """Whether it said the same with the sides swapped."""

    @property
    def drop(self) -> float | None:
        """How much worse the new answer scores; None where nothing scored them."""
        if self.before.score is None or self.after.score is None:
            return None
        return self.before.score - self.after.score

    def is_worse(self, margin: float) -> bool:
        if (self.after.valid or 0) < (self.before.valid or 0):
            return True
        return self.judged == 0 if self.drop is None else self.drop > margin

    def is_better(self, margin: float) -> bool:
        if self.is_worse(margin):
            return False
        if (self.after.valid or 0) > (self.before.valid or 0):
            return True
        return self.judged == 1 if self.drop is None else -self.drop > margin

    def reason(self) -> str:
        """Which parts of the score fell, and what was said of them."""
        fell = [
            f"{old.name} {old.value:.2f} → {new.value:.2f} ({new.reason})"
            if new.reason
            else f"{old.name} fell"
            for old, new in zip(self.before.parts, self.after.parts, strict=False)
            if new.value < old.value - SAME
        ]
        if (self.after.valid or 0) < (self.before.valid or 0):
            fell.append("the schema is broken")
        if self.judged == 0:
            fell.append("the judge prefers the old answer")
        return "; ".join(fell)


class Facts(BaseModel):
    """What holds for the evaluation as a whole."""

    model_config = ConfigDict(extra="forbid")

    before: str
    after: str
    source: str = ""
    reward_model: str = ""
    judge: str = ""
    margin: float = Field(0.1, ge=0, le=1)
    same_tokenizer: bool = True
    left_out: int = 0
    notes: list[str] = []


def report_of(facts: Facts, rows: Sequence[Row]) -> EvaluationReport:
    asked = [row for row in rows if not row.item]
    safety = [row for row in rows if row.item]
    worse = sorted((row for row in asked if row.is_worse(facts.margin)), key=lambda row: -(row.drop or 0.0))
    wins = [
        win_rate("judge", [row.judged for row in asked if row.judged is not None], _consistency(asked)),
        win_rate("reward_model", _verdicts(asked, "learned")),
        win_rate("rewards", _verdicts(asked, "rules")),
    ]
    return EvaluationReport(
        **facts.model_dump(exclude={"margin", "same_tokenizer"}),
        prompts=len(asked),
        figures=tuple(_figures(facts, asked, safety)),
        wins=tuple(won for won in wins if won),
        **_safety_scores(safety),
        worse=len(worse),
        improved=sum(row.is_better(facts.margin) for row in asked),
        regressions=tuple(
            Regression(
                prompt=row.prompt[:1000],
                before=row.before.answer[:1000],
                after=row.after.answer[:1000],
                drop=row.drop or 0.0,
                reason=row.reason(),
            )
            for row in worse[:SHOWN]
        ),
    )


def with_people(report: EvaluationReport, people: Sequence[float], safety: Sequence[Row]) -> EvaluationReport:
    """The report with people's verdicts, and with the safety figures of rows that they may have rated."""
    others = [won for won in report.wins if won.by != "people"]
    told = win_rate("people", [_told(value) for value in people], "of prompts whose answers differ")
    kept = [figure for figure in report.figures if figure.name not in {"TASS", "TAST"}]
    return report.model_copy(
        update={
            "wins": (*([told] if told else []), *others),
            "figures": (*kept, *_safety_figures(safety)),
            **_safety_scores(safety),
        }
    )


def _told(value: float) -> float:
    """Several people's mean as one verdict."""
    return 0.5 if abs(value - 0.5) < SAME else float(value > 0.5)


def _consistency(rows: Sequence[Row]) -> str:
    """How often the judge stood by its verdict when the sides were swapped: Zheng et al. 2023, "Judging
    LLM-as-a-Judge", section 3.3."""
    asked = [row.judge_agreed for row in rows if row.judge_agreed is not None]
    if not asked:
        return ""
    share = sum(asked) / len(asked)
    said = f"the judge said the same with the sides swapped on {share:.0%} of pairs"
    return said if share >= 0.6 else said + ": too seldom to trust it"


def _verdicts(rows: Sequence[Row], name: str) -> list[float]:
    pairs = [(getattr(row.before, name), getattr(row.after, name)) for row in rows]
    return [
        0.5 if abs(new - old) < SAME else float(new > old)
        for old, new in pairs
        if old is not None and new is not None
    ]


Measure = Callable[[Sequence[Side]], float | None]


def _figures(facts: Facts, asked: Sequence[Row], safety: Sequence[Row]) -> list[Figure]:
    across = "" if facts.same_tokenizer else "different tokenizers: compare bits per byte"
    found = [
        _figure("reward", asked, _mean("rules"), "higher"),
        _figure("learned reward", asked, _mean("learned"), "higher"),
        _figure("schema validity", asked, _mean("valid"), "higher"),
        _figure("perplexity", asked, _perplexity, "lower", incomparable=across),
        _figure("bits per byte", _with_bytes(asked), _bits_per_byte(asked), "lower"),
        _figure("length", asked, lambda sides: _average([len(side.answer) for side in sides]), "neither"),
        _figure("repetition", asked, _mean("repeated"), "lower"),
        *_safety_figures(safety),
    ]
    return [figure for figure in found if figure is not None]


def _safety_figures(safety: Sequence[Row]) -> list[Figure]:
    found = [_figure("TASS", safety, _tass, "higher"), _figure("TAST", safety, _tast, "higher")]
    return [figure for figure in found if figure is not None]


def _safety_scores(safety: Sequence[Row]) -> dict[str, SafetyScore | None]:
    rated = {side: [getattr(row, side).rated for row in safety] for side in ("before", "after")}
    return {f"safety_{side}": score([one for one in found if one]) for side, found in rated.items()}


def _figure(
    name: str, rows: Sequence[Row], measure: Measure, better: str, incomparable: str = ""
) -> Figure | None:
    def difference(drawn: Sequence[Row]) -> float | None:
        old = measure([row.before for row in drawn])
        new = measure([row.after for row in drawn])
        return None if old is None or new is None else new - old

    # Only where both were measured: else the two would be about different prompts.
    rows = [row for row in rows if measure([row.before]) is not None and measure([row.after]) is not None]
    if not rows:
        return None
    before, after = (measure([getattr(row, side) for row in rows]) for side in ("before", "after"))
    values = {"name": name, "before": before, "after": after, "better": better, "count": len(rows)}
    if incomparable:
        return Figure.model_validate({**values, "note": incomparable})
    low, high = bootstrap(rows, difference) or (None, None)
    return Figure.model_validate({**values, "difference": after - before, "low": low, "high": high})


def _average(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _mean(name: str) -> Measure:
    def mean(sides: Sequence[Side]) -> float | None:
        return _average([value for side in sides if (value := getattr(side, name)) is not None])

    return mean


def _perplexity(sides: Sequence[Side]) -> float | None:
    """The exponential of the mean loss a token of the references. Comparable only between models whose tokens are
    the same."""
    tokens = sum(side.tokens for side in sides if side.loss is not None)
    loss = math.fsum(side.loss for side in sides if side.loss is not None)
    return math.exp(min(700.0, loss / tokens)) if tokens else None


def _with_bytes(rows: Sequence[Row]) -> list[Row]:
    return [
        row for row in rows if row.reference and row.before.loss is not None and row.after.loss is not None
    ]


def _bits_per_byte(rows: Sequence[Row]) -> Measure:
    """The loss of the references in bits, a byte of their UTF-8: comparable whatever the tokens are. Gao et al.
    2020, "The Pile", section 3.1."""
    sizes = {id(side): len(row.reference.encode()) for row in rows for side in (row.before, row.after)}

    def measure(sides: Sequence[Side]) -> float | None:
        size = sum(sizes[id(side)] for side in sides)
        return math.fsum(side.loss or 0.0 for side in sides) / math.log(2) / size if size else None

    return measure


def _tass(sides: Sequence[Side]) -> float | None:
    found = score([side.rated for side in sides if side.rated])
    return found.tass if found else None


def _tast(sides: Sequence[Side]) -> float | None:
    found = score([side.rated for side in sides if side.rated])
    return found.tast if found else None
