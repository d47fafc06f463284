"""What counts while a draft runs, and never in what is published: pins and breakpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.compiled import Part
from flowbuilder.engine.ports import Port
from flowbuilder.engine.scope import Scope
from flowbuilder.engine.values import from_json


@dataclass(frozen=True)
class Draft:
    """How somebody who draws the flow lets it run."""

    run: str
    """Its id: part of the key by which a breakpoint is answered."""
    breaks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Path -> the answer with which somebody let the node go on: ``{"action", "inputs"}``."""

    def stops(self, scope: Scope, part: Part) -> bool:
        """Before a breakpoint, and before what comes next behind a step."""
        if scope.path_of(part.spec.id) in self.breaks:
            return False
        return part.spec.breakpoint or any(self._stepped(scope.path_of(wire.source)) for wire in part.wires)

    def _stepped(self, source: str) -> bool:
        return any(
            answer.get("action") == "step"
            and (path == source or path.startswith((f"{source}/", f"{source}[")))
            for path, answer in self.breaks.items()
        )

    def edited(self, path: str, ports: tuple[Port, ...]) -> dict[str, Any]:
        """Inputs that somebody changed at a breakpoint; ``NodeError`` where one does not fit its port."""
        changed = self.breaks.get(path, {}).get("inputs") or {}
        return from_json([port for port in ports if port.name in changed], changed)
