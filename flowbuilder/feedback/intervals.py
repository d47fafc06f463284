"""How sure a share is."""

from __future__ import annotations

import math

Z95 = 1.959963984540054


def wilson(good: int, total: int) -> tuple[float, float] | None:
    """95 %: Wilson, "Probable inference, the law of succession, and statistical inference" (1927)."""
    if not total:
        return None
    rate = good / total
    middle = rate + Z95**2 / (2 * total)
    spread = Z95 * math.sqrt(rate * (1 - rate) / total + Z95**2 / (4 * total**2))
    scale = 1 + Z95**2 / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
