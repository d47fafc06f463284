"""When to stop early: a figure that has stopped getting better for long enough.

Prechelt 1998, "Early Stopping - But When?", section 2.2: the simplest of its criteria, on a smoothed figure. The
weights of the last step are kept: with a patience of a few windows they differ little from the best ones, and a
reader of the curves sees where the version comes from.
"""

from __future__ import annotations

import statistics
from collections import deque

WINDOW = 10
"""Steps whose figures are averaged before they are compared; one measured on held-out data needs none of it."""


class Plateau:
    """``seen(step, value)`` says whether there was no gain for ``patience`` steps; never for a patience of 0."""

    def __init__(self, patience: int, min_gain: float, *, rising: bool, window: int | None = None) -> None:
        self.patience = patience
        self.min_gain = min_gain
        self.sign = 1.0 if rising else -1.0
        self.recent: deque[float] = deque(maxlen=window or WINDOW)
        self.best = float("-inf")
        self.best_step = 0

    def seen(self, step: int, value: float) -> bool:
        self.recent.append(self.sign * value)
        if not self.patience or len(self.recent) < (self.recent.maxlen or 0):
            return False
        smoothed = statistics.fmean(self.recent)
        if smoothed > self.best + self.min_gain:
            self.best, self.best_step = smoothed, step
        return step - self.best_step >= self.patience
