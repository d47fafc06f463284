"""Okapi BM25 (Robertson & Zaragoza 2009, eq. 3.15): the one formula of every index."""

from __future__ import annotations

import math

import numpy as np

K1, B = 1.2, 0.5
"""B below the usual 0.75: passages are cut to like lengths, and a short one is mostly the rest of another."""


def rarity(passages: int, holding: int) -> float:
    """How much a word tells that ``holding`` of ``passages`` passages have: the Robertson-Spärck Jones weight without
    relevance judgements (1976), plus one in the logarithm, so that it is never negative."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def weight(counts: np.ndarray, lengths: np.ndarray, mean: float) -> np.ndarray:
    """What each passage gets for a word that it has ``counts`` times, as a share of the word's rarity times K1 + 1."""
    often = counts.astype(np.float64)
    return often * (K1 + 1) / (often + K1 * (1 - B + B / mean * lengths))
