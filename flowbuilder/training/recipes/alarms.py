"""Signs that a training goes wrong although its loss is a number: reported, for a person to look at.

Each is told once. What is compared is a mean over ``WINDOW`` steps with the mean over the first ``WINDOW`` steps:
single steps of reinforcement learning say little. Where a threshold has a source it is named; the others are
ours, chosen so that the trainings of the shipped model that went well stay silent.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

WINDOW = 10
"""Steps of a mean."""
LEARNED = "reward/learned"
"""The learned reward's part; all other parts are programmed."""

MAX_KL = 1.0
"""Nats a token from the reference. An answer of a hundred tokens is then 100 nats away, a root of 10: there the
true reward of Gao et al. 2023, "Scaling Laws for Reward Model Overoptimization", figure 1, has long begun to fall."""
LONGER, SHORTER, TOKENS = 1.5, 0.5, 8.0
"""Of the first answers' length, and by how many tokens at least. That reward is often bought with length: Singhal
et al. 2023, "A Long Way to Go: Investigating Length Correlations in RLHF"."""
REPEATED = 0.3
"""Share of four-word groups that an answer has said before, above what it was at first. People are at 0.01-0.06,
a looping model above 0.4: Welleck et al. 2020, "Neural Text Generation with Unlikelihood Training", table 2."""
ENTROPY_LEFT = 0.2
"""Of the first entropy. With it goes all that could still be found: Cui et al. 2025, "The Entropy Mechanism of
Reinforcement Learning for Reasoning Language Models", section 2."""
MOVED = 0.05
"""Of a reward, which is in 0..1: less is noise."""
GROWN, CORRELATED, TOGETHER = 1.25, 0.8, 30
"""Length beside the first, and its correlation with the reward over so many steps."""


@dataclass(frozen=True)
class Alarm:
    kind: str
    message: str


class Alarms:
    """``seen(figures)`` takes a step's figures and gives what they newly show."""

    def __init__(self) -> None:
        self.history: list[dict[str, float]] = []
        self.told: set[str] = set()

    def seen(self, figures: dict[str, float]) -> list[Alarm]:
        self.history.append(figures)
        found = [alarm for alarm in self._found() if alarm.kind not in self.told]
        self.told |= {alarm.kind for alarm in found}
        return found

    def _found(self) -> Iterator[Alarm]:
        kl = self.now("kl")
        if kl is not None and kl > MAX_KL:
            yield Alarm(
                "kl_blow_up",
                f"The policy is {kl:.2g} nats a token away from where it began. Raise 'kl' or lower the learning rate.",
            )
        if "reward" in self.history[-1]:
            yield from self._answers()
            yield from self._hacking()

    def _answers(self) -> Iterator[Alarm]:
        """What becomes of the answers themselves."""
        length, was = self.now("length"), self.first("length")
        if length is not None and was is not None and abs(length - was) >= TOKENS:
            if not SHORTER < length / max(was, 1.0) < LONGER:
                yield Alarm(
                    "length_drift",
                    f"Answers have {length:.0f} tokens and had {was:.0f} at first: look whether the reward is bought "
                    "with length.",
                )
        repeated, was = self.now("repeated"), self.first("repeated")
        if repeated is not None and was is not None and repeated > REPEATED + was:
            yield Alarm("repetition", f"{repeated:.0%} of what the answers say they have said before.")
        entropy, was = self.now("entropy"), self.first("entropy")
        if entropy is not None and was is not None and entropy < ENTROPY_LEFT * was:
            yield Alarm(
                "entropy_collapse",
                f"The entropy fell from {was:.2g} to {entropy:.2g} nats a token: the model answers all but the same "
                "each time, and finds nothing new. Raise 'kl' or lower the learning rate.",
            )

    def _hacking(self) -> Iterator[Alarm]:
        """The reward rises, and not for what it was meant to reward."""
        programmed = [name for name in self.history[-1] if name.startswith("reward/") and name != LEARNED]
        gains = [gain for name in programmed if (gain := self.gain(name)) is not None]
        learned = self.gain(LEARNED)
        if learned is not None and learned > MOVED and gains and statistics.fmean(gains) < -MOVED:
            yield Alarm(
                "reward_hacking",
                f"The learned reward rose by {learned:.2f} while the rules' rewards fell by {-statistics.fmean(gains):.2f}: "
                "the model pleases the reward model and nobody else.",
            )
        reward, length, was = self.gain("reward"), self.now("length"), self.first("length")
        if reward is None or length is None or was is None or reward < MOVED or length < GROWN * was:
            return
        recent = self.history[-TOGETHER:]
        if len(recent) == TOGETHER and all("length" in row for row in recent):
            together = correlation([row["reward"] for row in recent], [row["length"] for row in recent])
            if together > CORRELATED:
                yield Alarm(
                    "reward_hacking",
                    f"The reward rises with the answers' length (correlation {together:.2f}): it may be paid for length "
                    "and not for what is said. Add a reward for length, or raise 'kl'.",
                )

    def now(self, name: str) -> float | None:
        return window_mean(self.history[-WINDOW:], name)

    def first(self, name: str) -> float | None:
        """None as long as the two windows overlap."""
        return window_mean(self.history[:WINDOW], name) if len(self.history) >= 2 * WINDOW else None

    def gain(self, name: str) -> float | None:
        now, was = self.now(name), self.first(name)
        return None if now is None or was is None else now - was


def window_mean(rows: list[dict[str, float]], name: str) -> float | None:
    """None where a step lacks the figure, or there are too few steps."""
    values = [row[name] for row in rows if name in row]
    return statistics.fmean(values) if len(values) == WINDOW else None


def correlation(left: list[float], right: list[float]) -> float:
    """Pearson's; 0 where one of them does not change."""
    if len(set(left)) == 1 or len(set(right)) == 1:
        return 0.0
    return statistics.correlation(left, right)
