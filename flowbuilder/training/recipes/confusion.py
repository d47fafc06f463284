"""How often which label was taken for which, and the figures that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowbuilder.training.recipes.judge import mean


class Confusion:
    """Of pairs (true label, found label), as numbers of ``labels``."""

    def __init__(self, labels: Sequence[str], pairs: Sequence[tuple[int, int]]) -> None:
        self.labels = list(labels)
        self.counts = [[0] * len(labels) for _ in labels]
        """A row for each true label, a column for each that was found."""
        for true, found in pairs:
            self.counts[true][found] += 1

    @property
    def accuracy(self) -> float:
        total = sum(map(sum, self.counts))
        return sum(self.counts[at][at] for at in range(len(self.labels))) / total if total else 0.0

    @property
    def macro_f1(self) -> float:
        """The mean over the labels that occur, each counting alike however rare it is."""
        return mean([row["f1"] for row in self.by_label() if row["texts"]])

    def by_label(self) -> list[dict[str, Any]]:
        rows = []
        for at, label in enumerate(self.labels):
            right, texts = self.counts[at][at], sum(self.counts[at])
            found = sum(row[at] for row in self.counts)
            precision = right / found if found else 0.0
            recall = right / texts if texts else 0.0
            f1 = 2 * right / (texts + found) if texts + found else 0.0
            rows.append({"label": label, "texts": texts, "precision": precision, "recall": recall, "f1": f1})
        return rows

    def report(self) -> dict[str, Any]:
        return {"labels": self.labels, "confusion": self.counts, "by_label": self.by_label()}
