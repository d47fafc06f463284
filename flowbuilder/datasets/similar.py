"""Texts that are nearly the same, found without comparing every two of them.

MinHash: Broder, "On the resemblance and containment of documents" (1997). The share of equal places in two
signatures estimates the resemblance (Jaccard's) of the texts' sets of character 5-grams; with 128 places its standard
error is below 0.045. Signatures are cut into 16 bands of 8: texts that resemble by 0.85 share a band with a
probability of 0.99 (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from flowbuilder.datasets.splits import normalised

PLACES, BANDS = 128, 16
GRAM = 5
NEAR = 0.85
"""Resemblance from which on two texts count as nearly the same."""
_random = np.random.default_rng(1997)
FACTORS = _random.integers(1, 2**63, PLACES, dtype=np.uint64) | np.uint64(1)
TERMS = _random.integers(0, 2**63, PLACES, dtype=np.uint64)
GRAM_FACTORS = _random.integers(1, 2**63, GRAM, dtype=np.uint64) | np.uint64(1)


def signature(text: str) -> np.ndarray:
    """128 minima, one a hash function; equal for texts that differ in case and spaces alone."""
    grams = _grams(normalised(text))
    # Multiply-shift: the upper half of the product is what is well mixed.
    return ((grams[:, None] * FACTORS + TERMS) >> np.uint64(32)).min(axis=0).astype(np.uint32)


def _grams(text: str) -> np.ndarray:
    """A hash of each run of five characters; a shorter text is one run."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < GRAM:
        codes = np.pad(codes, (0, GRAM - len(codes)))
    count = len(codes) - GRAM + 1
    mixed = sum(codes[place : place + count] * GRAM_FACTORS[place] for place in range(GRAM))
    mixed ^= mixed >> np.uint64(31)
    return np.unique(mixed * np.uint64(0x9E3779B97F4A7C15))


def near_duplicates(texts: Iterable[str]) -> list[tuple[int, int, float]]:
    """(index, index of an earlier text that it resembles, how far), each text at most once.

    Within a band a text is compared with the first of its bucket: a thousand copies cost a thousand comparisons.
    """
    signatures = [signature(text) for text in texts]
    if not signatures:
        return []
    matrix = np.stack(signatures)
    best: dict[int, tuple[int, float]] = {}
    for band in np.split(matrix, BANDS, axis=1):
        _compare(matrix, _first_of_bucket(band), best)
    return [(index, earlier, alike) for index, (earlier, alike) in sorted(best.items())]


def _first_of_bucket(band: np.ndarray) -> np.ndarray:
    """For each text the first one with the same band."""
    _, first, bucket = np.unique(band, axis=0, return_index=True, return_inverse=True)
    return first[bucket.reshape(-1)]


def _compare(matrix: np.ndarray, first: np.ndarray, best: dict[int, tuple[int, float]]) -> None:
    later = np.flatnonzero(first != np.arange(len(first)))
    alike = (matrix[later] == matrix[first[later]]).mean(axis=1)
    for index, earlier, share in zip(later, first[later], alike, strict=True):
        if share >= NEAR and share > best.get(int(index), (0, 0.0))[1]:
            best[int(index)] = (int(earlier), float(share))


def nearest(text: str, signatures: Sequence[np.ndarray]) -> float:
    """How far the text resembles the most similar of those."""
    if not len(signatures):
        return 0.0
    return float((np.stack(list(signatures)) == signature(text)).mean(axis=1).max())
