"""What each step of a search took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any


@dataclass
class Steps:
    """Names in the order in which they were first taken, with milliseconds; a step taken again adds to its own."""

    taken: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self.taken[name] = self.taken.get(name, 0.0) + (perf_counter() - started) * 1000

    def told(self) -> list[dict[str, Any]]:
        return [{"name": name, "ms": round(spent, 2)} for name, spent in self.taken.items()]
