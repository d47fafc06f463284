"""What every index can do; ``tests/knowledge/index/test_conformance.py`` holds all of them to it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Protocol

import numpy as np

Match = tuple[int, float]
"""The passage's id, and how well it fits."""


class Index(Protocol):
    """The passages of one base that can be found: searched and enabled, in an enabled document."""

    @property
    def embedder(self) -> str:
        """Whose vectors it holds. Questions are embedded by the same, which is the base's former one until all
        passages have their new vectors."""

    def catch_up(self, patience: float | None = None) -> bool:
        """Take in what has changed; False where that would take more than ``patience`` seconds, and goes on later.

        Call it outside of transactions that may still be undone: what it took in it keeps.
        """

    def nearest(self, vector: np.ndarray, limit: int, allowed: Set[int] | None = None) -> list[Match]:
        """The passages whose vectors have the largest cosine with ``vector``, best first; of ``allowed`` ones only."""

    def matching(self, words: list[str], limit: int, allowed: Set[int] | None = None) -> list[Match]:
        """The passages with any of the words, by Okapi BM25 over the whole base, best first; of ``allowed`` ones only."""

    def count(self) -> int:
        """How many passages it holds."""

    def tend(self) -> None:
        """Do what makes later questions quicker and may take minutes: a worker's part."""

    def drop(self) -> None:
        """Remove all that it keeps."""


def best(found: Iterable[Match], limit: int) -> list[Match]:
    """Best first; equally good ones by their ids."""
    return sorted(found, key=lambda match: (-match[1], match[0]))[:limit]
