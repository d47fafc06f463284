"""What a node said in a run, to which prompt, by which model: read from the run's stored events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.modelhub.registry import resolve
from flowbuilder.runs.models import Run
from nodes.base import NodeError
from nodes.types import Record

REPLY = "flow.reply"


@dataclass(frozen=True)
class Answer:
    node: str
    prompt: str
    text: str
    model: str
    candidates: tuple[str, ...] = ()
    """All of them, where the node gave several."""


class Told:
    """A run's events, by node."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.graph = Graph.model_validate(run.graph)
        self.inputs: dict[str, dict[str, Any]] = {}
        self.outputs: dict[str, dict[str, Any]] = {}
        self.models: dict[str, str] = {}
        for event in run.events.filter(type__in=["node.started", "node.finished", "node.report"]):
            if event.type == "node.started":
                self.inputs[event.node] = event.data.get("inputs", {})
            elif event.type == "node.finished":
                self.outputs[event.node] = event.data.get("outputs", {})
            elif event.data.get("kind") == "model":
                self.models[event.node] = event.data["model"]

    def answer(self, node_id: str = "") -> Answer:
        """What ``node_id`` said, by default the flow's reply. ``ApiError`` where there is nothing to rate."""
        wanted = node_id or self._reply()
        if wanted not in self.outputs:
            raise ApiError("not_found", f"Node '{wanted}' gave nothing in this run.", 404)
        node = self._speaker(wanted)
        candidates = self._candidates(node)
        text = text_of(self.outputs[node])
        if text is None and not candidates:
            raise ApiError("invalid", f"Node '{node}' gave no text, so there is nothing to rate.", 422)
        return Answer(node, self._prompt(node), text or "", self._model(node), candidates)

    def _reply(self) -> str:
        replies = [node.id for node in self.graph.nodes if node.type == REPLY and node.id in self.outputs]
        if not replies:
            raise ApiError("not_found", "This run has no reply to rate; name a node.", 404)
        return replies[0]

    def _speaker(self, node: str) -> str:
        """A Reply passes on what another node said: the words are that one's."""
        text = text_of(self.outputs[node])
        if self.graph.node(node).type == REPLY:
            for wire in self.graph.into(node):
                if text_of(self.outputs.get(wire.source, {})) == text:
                    return wire.source
        return node

    def _prompt(self, node: str) -> str:
        given = self.inputs.get(node, {})
        candidates = given.get("candidates")
        found = given.get("prompt") or (candidates or {}).get("prompt")
        return str(found or self.run.inputs.get("question", ""))

    def _candidates(self, node: str) -> tuple[str, ...]:
        out = self.outputs[node].get("out")
        return tuple(out["answers"]) if isinstance(out, dict) and "answers" in out else ()

    def _model(self, node: str) -> str:
        """Of the nearest node upstream that asked one."""
        waiting, seen = [node], {node}
        while waiting:
            nearest = waiting.pop(0)
            if ref := self.models.get(nearest) or self._inside(nearest) or self._chosen(nearest):
                return ref
            sources = [wire.source for wire in self.graph.into(nearest)]
            waiting += [source for source in sources if source not in seen]
            seen.update(sources)
        return ""

    def _inside(self, group: str) -> str:
        """Of what stands in a group, the model that was asked last."""
        below = (f"{group}/", f"{group}[")
        return next((ref for node, ref in reversed(self.models.items()) if node.startswith(below)), "")

    def _chosen(self, node: str) -> str:
        """What the node's setting means now: for runs whose events do not tell the version."""
        spec = self.graph.node(node)
        if not spec.type.startswith("language.") or not (ref := spec.settings.get("model", "starter")):
            return ""
        try:
            return resolve(self.run.workspace_id, str(ref)).ref
        except NodeError:  # the version is gone; its name is what is left
            return str(ref)


def text_of(outputs: dict[str, Any]) -> str | None:
    """The text among a node's outputs: a string, or a record as it is written."""
    for value in outputs.values():
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and value.keys() == {"data"}:
            return str(Record.model_validate(value))
    return None
