from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass
class FakeTraining:
    """Takes every job and remembers it."""

    started: list[dict[str, Any]] = field(default_factory=list)

    async def start(self, **job):
        self.started.append(job)
        return f"job-{len(self.started)}"


@pytest.fixture
def training() -> FakeTraining:
    return FakeTraining()
