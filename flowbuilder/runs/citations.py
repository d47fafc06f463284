"""What a run's reply may cite: the passages that its nodes reported, of those that lead to the reply."""

from __future__ import annotations

import re
from typing import Any

from flowbuilder.engine.events import Event
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.leading import leading_to_reply, place_of
from flowbuilder.runs.models import Run, RunEvent

REFERENCE = re.compile(r"\[(\d{1,3})\]")


class Citations:
    """Gathers what nodes report while a run is played; the newest attempt of a node counts."""

    def __init__(self, graph: Graph) -> None:
        self.leading = leading_to_reply(graph)
        self.by_node: dict[str, list[dict[str, Any]]] = {}

    @classmethod
    def of_first_life(cls, run: Run) -> Citations:
        return cls(Graph.model_validate(run.graph))

    @classmethod
    def of_earlier_lives(cls, run: Run) -> Citations:
        citations = cls.of_first_life(run)
        for event in RunEvent.objects.filter(run=run, type="node.report"):
            citations.note(event.node, event.data)
        return citations

    def note(self, node: str, report: dict[str, Any]) -> None:
        if report.get("kind") == "citations" and place_of(node) in self.leading:
            self.by_node[node] = list(report.get("items", []))

    def take(self, event: Event) -> Event:
        """The same event; the run's last one with what its reply cites."""
        if event.type == "node.report":
            self.note(event.node, event.data)
        if event.type != "run.finished" or not (cited := self.of(str(event.data.get("reply", "")))):
            return event
        return Event(event.type, event.node, {**event.data, "citations": cited})

    def of(self, reply: str) -> list[dict[str, Any]]:
        """Each passage once; ``cited`` says whether the reply names its number, null where it names none."""
        named = {int(number) for number in REFERENCE.findall(reply)}
        found: dict[str, dict[str, Any]] = {}
        for item in (item for items in self.by_node.values() for item in items):
            found.setdefault(str(item.get("passage_id") or item), item)
        return [{**item, "cited": item["number"] in named if named else None} for item in found.values()]


def citations_of(run: Run) -> list[dict[str, Any]]:
    """Of a run that ended; nothing where its reply cites nothing."""
    last = run.events.filter(type="run.finished").order_by("-seq").first()
    return list(last.data.get("citations", [])) if last else []
