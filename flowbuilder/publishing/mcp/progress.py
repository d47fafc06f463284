"""How far a call is: which nodes have run, and what the reply says so far."""

from __future__ import annotations

import time
from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.publishing.speaker import speaker_of

LONGEST = 2000
"""Characters of the reply that a notice repeats: its last ones."""
PAUSE = 0.2
"""Seconds between two notices of words; a model may write hundreds of tokens in that time."""


class Progress:
    """Numbers that only grow, as the protocol wants them: nodes that are done, and a part of one that is not."""

    def __init__(self, graph: Graph) -> None:
        self._labels = {node.id: node.label or node.id for node in graph.nodes}
        self._speaker = speaker_of(graph)
        self._done = 0
        self._since = 0
        """Notices since the last node was done."""
        self._text = ""
        self._told_at = 0.0

    def note(self, event: dict[str, Any]) -> tuple[float, float, str | None] | None:
        """Progress, total and message of the notice that the event is worth."""
        kind, node = event["type"], event["node"]
        if node not in self._labels:
            return None
        if kind == "node.started":
            self._text = "" if node == self._speaker else self._text
            return self._within(self._labels[node])
        if kind == "node.token" and node == self._speaker:
            self._text += event["data"]["text"]
            now = time.monotonic()
            if now - self._told_at < PAUSE:
                return None
            self._told_at = now
            return self._within(self._text[-LONGEST:])
        if kind in {"node.finished", "node.skipped"}:
            self._done, self._since = self._done + 1, 0
            return float(self._done), float(len(self._labels)), None
        return None

    def _within(self, message: str) -> tuple[float, float, str]:
        self._since += 1
        return self._done + 1 - 1 / (1 + self._since), float(len(self._labels)), message
