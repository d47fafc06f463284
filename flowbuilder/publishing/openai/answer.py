"""A run as an answer to a caller: its words as they come, the calls that its model wants, what it took and rests on."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.graph import Graph, NodeSpec
from flowbuilder.flows.nodes import catalogue
from flowbuilder.publishing.parking import Parked
from flowbuilder.publishing.speaker import speaker_of
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Run, Status
from nodes.json_rules import errors_of
from nodes.language.repair import read


class RunFailed(Exception):
    """The run ended without a reply; the message is for the caller."""


@dataclass
class Answer:
    """One answer as it comes in. ``usage`` sums the nodes' token counts."""

    run: Run
    json_schema: dict[str, Any] | None = None
    """What the reply must satisfy: then nothing is told before it is known to."""
    usage: dict[str, int] = field(default_factory=lambda: {"prompt_tokens": 0, "completion_tokens": 0})
    citations: list[dict[str, Any]] = field(default_factory=list)
    """What the reply rests on, once it is whole."""
    calls: list[dict[str, str]] = field(default_factory=list)
    """``{id, name, arguments}`` of the caller's tools that the model wants called, in place of a reply."""

    cut_off: bool = False
    """The model that spoke it was stopped by its limit of tokens."""

    async def text(self) -> AsyncGenerator[str]:
        """Pieces of the reply: streamed where a node streams straight into Reply, else whole at the end.

        A second attempt of such a node streams again from its beginning, which cannot be taken back from the
        caller: from then on pieces are held, and the end brings what is missing.
        """
        graph = Graph.model_validate(self.run.graph)
        direct = speaker_of(graph)
        sent, holding, parked = "", self.json_schema is not None, Parked()
        async for event in follow(self.run.pk, begins=self.run.status == Status.QUEUED):
            kind, data = event["type"], event["data"]
            parked.note(event)
            if kind == "node.started" and event["node"] == direct and data.get("attempt", 1) > 1:
                holding, self.calls = True, []
            elif kind == "node.token" and event["node"] == direct and not holding:
                sent += data["text"]
                yield data["text"]
            elif kind == "node.report" and data.get("kind") == "calls" and event["node"] == direct:
                self.calls = self._numbered(data["calls"])
            elif kind == "node.finished":
                for name in self.usage:
                    self.usage[name] += data.get("usage", {}).get(name, 0)
                if event["node"] == direct:
                    written = data.get("usage", {}).get("completion_tokens", 0)
                    self.cut_off = not self.run.caller and written >= limit_of(graph.node(direct))
            elif kind == "run.finished":
                self.citations = data.get("citations", [])
                async for piece in self._rest(data["reply"], sent):
                    yield piece
                return
            elif kind == "run.waiting" and parked.for_people(event):
                raise RunFailed(f"The flow waits for somebody to decide; its run {self.run.pk} goes on then.")
            elif kind in {"run.failed", "run.cancelled"}:
                raise RunFailed(data.get("error") or "The flow stopped before it had a reply.")

    async def _rest(self, reply: str, sent: str) -> AsyncGenerator[str]:
        if self.json_schema is not None and not self.calls:
            reply = fitting(reply, self.json_schema)
        if reply.startswith(sent):
            if rest := reply[len(sent) :]:
                yield rest
        elif sent:
            raise RunFailed("The answer was interrupted and started anew; ask again.")

    def _numbered(self, calls: list[dict[str, Any]]) -> list[dict[str, str]]:
        """With ids of ours where the model gave none, the same whenever the run is read."""
        return [
            {
                "id": call["id"] or f"call_{self.run.pk.hex}_{number}",
                "name": call["name"],
                "arguments": json.dumps(call["arguments"], ensure_ascii=False),
            }
            for number, call in enumerate(calls)
        ]

    def annotations(self) -> list[dict[str, Any]]:
        """OpenAI's citations of a file."""
        return [
            {
                "type": "file_citation",
                "file_id": item["document_id"],
                "filename": item["source"],
                "index": index,
            }
            for index, item in enumerate(self.citations)
        ]


def limit_of(node: NodeSpec) -> float:
    """The most tokens that a model node writes; of another node none is known."""
    kind = catalogue().kinds.get(catalogue().named(node.type))
    field = kind.model_fields.get("max_new_tokens") if kind else None
    return float(node.settings.get("max_new_tokens", field.default)) if field else math.inf


def fitting(reply: str, schema: dict[str, Any]) -> str:
    """The reply's JSON where it satisfies the schema, without words around it; else ``RunFailed`` says what is wrong."""
    found, cut_off = read(reply)
    if not isinstance(found, dict) or (cut_off and not found):
        raise RunFailed("The flow's reply holds no JSON object, which 'response_format' asks for.")
    if wrong := errors_of(found, schema):
        raise RunFailed(f"The flow's reply does not satisfy the schema that was asked for: {wrong[0]}")
    return json.dumps(found, ensure_ascii=False)
