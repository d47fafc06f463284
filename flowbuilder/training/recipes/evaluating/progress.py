"""How far an evaluation is."""

from __future__ import annotations

import time

from flowbuilder.training.recipes import pausing
from flowbuilder.training.recipes.judge import mean
from flowbuilder.training.recipes.reporting import metrics

TOLD_SECONDS = 0.5


class Progress:
    """Steps are answers and verdicts; figures are told now and then."""

    def __init__(self, steps: int) -> None:
        self.step, self.steps = 0, steps
        self.told = 0.0
        self.figures: dict[str, list[float]] = {}

    def note(self, **values: float) -> None:
        for name, value in values.items():
            self.figures.setdefault(name, []).append(value)

    def advance(self) -> None:
        """Ends the process where it was asked to pause: all until here is saved."""
        self.step += 1
        if time.monotonic() - self.told > TOLD_SECONDS or self.step == self.steps:
            self.told = time.monotonic()
            metrics(self.step, self.steps, {name: mean(values) for name, values in self.figures.items()})
        if pausing.asked() and self.step < self.steps:
            raise pausing.Paused(self.step)
