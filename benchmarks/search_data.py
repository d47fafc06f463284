"""Made passages: vectors in clusters, as those of texts lie, and words by the Zipf-Mandelbrot law."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path

import numpy as np

PASSAGES_A_CLUSTER = 100
NOISE = 0.9
"""Length of what sets a passage apart from its cluster's centre, whose length is 1."""
VOCABULARY = 200_000
SHIFT = 50
"""Stop words are left out of an index: the commonest word that is left stands in a fifth of the passages."""
MEAN_LENGTH = 90
SLICE = 10_000


class Data:
    dimensions = 384

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        folder.mkdir(exist_ok=True)
        random = np.random.default_rng(1)
        centres = random.standard_normal((max(1, count // PASSAGES_A_CLUSTER), self.dimensions))
        self._centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
        if not (folder / "vectors.npy").exists():
            self._write_vectors()
        self.vectors = np.load(folder / "vectors.npy", mmap_mode="r")

    def _write_vectors(self) -> None:
        shape = (self.count, self.dimensions)
        path = self.folder / "unfinished.npy"
        rows = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
        for start in range(0, self.count, SLICE):
            random = np.random.default_rng((2, start))
            rows[start : start + SLICE] = self._near(random, min(SLICE, self.count - start))
        rows.flush()
        path.rename(self.folder / "vectors.npy")

    def _near(self, random: np.random.Generator, count: int) -> np.ndarray:
        noise = random.standard_normal((count, self.dimensions)) * NOISE / np.sqrt(self.dimensions)
        rows = self._centres[random.integers(len(self._centres), size=count)] + noise
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)

    def words(self, start: int, count: int) -> list[list[str]]:
        random = np.random.default_rng((3, start))
        lengths = np.maximum(5, random.lognormal(np.log(MEAN_LENGTH) - 0.125, 0.5, count)).astype(int)
        ranks = np.searchsorted(self._distribution, random.random(int(lengths.sum())))
        named = [f"w{rank}" for rank in ranks.tolist()]
        ends = np.cumsum(lengths).tolist()
        return [named[end - length : end] for length, end in zip(lengths.tolist(), ends, strict=True)]

    @cached_property
    def _distribution(self) -> np.ndarray:
        weights = 1 / (np.arange(VOCABULARY) + SHIFT + 1)
        return np.cumsum(weights) / weights.sum()

    @cached_property
    def _questions(self) -> np.ndarray:
        return self._near(np.random.default_rng(4), 1000)

    def question(self, number: int) -> np.ndarray:
        return self._questions[number]

    def asked(self, number: int) -> list[str]:
        """Two to seven words of some passage."""
        random = np.random.default_rng((5, number))
        start = int(random.integers(self.count // SLICE + 1)) * SLICE % self.count
        passage = self.words(start, 20)[int(random.integers(20))]
        return [str(word) for word in random.choice(passage, int(random.integers(2, 8)))]

    def allowed(self, share: float) -> set[int]:
        random = np.random.default_rng((6, int(share * 1000)))
        return set(random.choice(self.count, int(share * self.count), replace=False).tolist())

    def exact(self, share: float | None, questions: int, limit: int) -> list[list[int]]:
        """The nearest by comparing all in single precision; kept, because it takes long."""
        path = self.folder / f"exact-{share}-{questions}.json"
        if not path.exists():
            path.write_text(json.dumps(self._compared(share, questions, limit)))
        return list(json.loads(path.read_text()))

    def _compared(self, share: float | None, questions: int, limit: int) -> list[list[int]]:
        asked = self._questions[:questions].astype(np.float32)
        kept = np.ones(self.count, dtype=bool)
        if share is not None:
            kept[:] = False
            kept[list(self.allowed(share))] = True
        scores = np.zeros((questions, 0), dtype=np.float32)
        keys = np.zeros((questions, 0), dtype=np.int64)
        for start in range(0, self.count, SLICE):
            some = np.flatnonzero(kept[start : start + SLICE]) + start
            theirs = asked @ self.vectors[some].astype(np.float32).T
            scores = np.concatenate([scores, theirs], axis=1)
            keys = np.concatenate([keys, np.broadcast_to(some, theirs.shape)], axis=1)
            best = np.argpartition(-scores, limit, axis=1)[:, :limit]
            scores = np.take_along_axis(scores, best, axis=1)
            keys = np.take_along_axis(keys, best, axis=1)
        return [[int(key) for key in row] for row in keys]
