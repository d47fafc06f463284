"""How fast this machine multiplies matrices: what an estimate starts from until a job of its kind was measured."""

from __future__ import annotations

import functools
import time

SIDE = 512
TRIES = 5


@functools.cache
def matrix_flops() -> float:
    """Floating-point operations a second of one product of matrices in single precision, the best of a few.

    Takes some hundredths of a second, once a process.
    """
    import numpy as np

    matrix = np.random.default_rng(0).random((SIDE, SIDE), dtype=np.float32)
    matrix @ matrix  # the first one loads the library
    best = min(_seconds(matrix) for _ in range(TRIES))
    return float(2 * SIDE**3 / best)


def _seconds(matrix) -> float:
    begun = time.perf_counter()
    matrix @ matrix
    return time.perf_counter() - begun
