"""What a run that has parked waits for, read from its events: a person has to decide, or it goes on by itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

PERSON = "approval"


@dataclass
class Parked:
    """``node.waiting`` tells what for, and ``run.waiting`` that nothing else is left to do."""

    waits: dict[str, dict[str, Any]] = field(default_factory=dict)

    def note(self, event: dict[str, Any]) -> None:
        if event["type"] == "node.waiting":
            data = event["data"]
            self.waits[data["key"]] = {"node": event["node"], "about": data.get("about", {})}

    def for_people(self, event: dict[str, Any], answered: Collection[str] = ()) -> list[dict[str, Any]]:
        """``{node, about}`` of each decision on which a ``run.waiting`` hangs."""
        keys = [key for key in event["data"].get("keys", []) if key not in answered]
        return [wait for key in keys if (wait := self.waits.get(key)) and wait["about"].get("kind") == PERSON]
