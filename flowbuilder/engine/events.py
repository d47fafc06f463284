"""What the engine says while it runs. Plain data; numbering and storing them is not its business."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Event:
    """``type`` and ``data`` are listed in ``docs/architecture.md``; ``node`` is empty for the run's own."""

    type: str
    node: str = ""
    data: dict[str, Any] = field(default_factory=dict)
