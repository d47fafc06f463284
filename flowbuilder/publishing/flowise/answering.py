"""A run's events as the events of a Flowise prediction, and their sum as its reply.

The order is Flowise's: one opening (``start`` before the first words, or of an agentflow ``agentFlowEvent`` at once, never
both: the widget draws a bubble for each), words, what the reply rests on, ``metadata``, ``end``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.publishing.flowise.asking import Asked
from flowbuilder.publishing.flowise.entrance import Caller
from flowbuilder.publishing.flowise.trace import Executed, is_agentflow
from flowbuilder.publishing.parking import Parked
from flowbuilder.publishing.replies import as_json
from flowbuilder.publishing.sources import sources_of
from flowbuilder.publishing.speaker import speaker_of
from flowbuilder.publishing.telling import FAILED, WAITING
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Run, Status

Told = tuple[str, Any]
MOST_PROMPTS = 3
ANEW = "The answer was interrupted and started anew; ask again."
STOPPED = "The answer was stopped."


@dataclass
class Answer:
    """One prediction as it comes in."""

    caller: Caller
    asked: Asked
    text: str = ""
    sent: str = ""
    problem: str = ""
    stopped: bool = False
    citations: list[dict[str, Any]] = field(default_factory=list)
    tools: list[dict[str, Any]] = field(default_factory=list)
    action: dict[str, Any] | None = None
    usage: dict[str, int] = field(default_factory=lambda: {"prompt_tokens": 0, "completion_tokens": 0})
    parked: Parked = field(default_factory=Parked)

    def __post_init__(self) -> None:
        graph = Graph.model_validate(self.run.graph)
        self.agentflow = is_agentflow(graph)
        self.executed = Executed(graph)
        self.speaker = speaker_of(graph)
        self.traced = self.caller.sees_traces()
        self.opened = False
        self.holding = False

    @property
    def run(self) -> Run:
        return self.asked.turn.run

    async def events(self) -> AsyncGenerator[Told]:
        """Everything up to ``end``."""
        if self.agentflow:
            yield "agentFlowEvent", "INPROGRESS"
        begins = self.run.status == Status.QUEUED and not self.asked.after
        async for event in follow(self.run.pk, self.asked.after, begins=begins):
            for told in self._take(event):
                yield told
            if self.problem or self.stopped or self._parked(event) or event["type"] == "run.finished":
                break
        for told in self._closing():
            yield told

    def _take(self, event: dict[str, Any]) -> list[Told]:
        kind, data, spoken = event["type"], event["data"], event["node"] == self.speaker
        told: list[Told] = []
        self.parked.note(event)
        if (step := self.executed.note(event)) and self.agentflow and self.traced:
            told.append(("nextAgentFlow", step))
        if kind == "node.started" and spoken and data.get("attempt", 1) > 1:
            self.holding = True  # what was said cannot be taken back: the end brings what is missing
        elif kind == "node.token" and spoken and not self.holding:
            told += self._say(data["text"])
        elif kind == "node.report" and data.get("kind") == "step":
            told += self._step(data)
        elif kind == "node.finished":
            for name in self.usage:
                self.usage[name] += data.get("usage", {}).get(name, 0)
        elif kind == "run.waiting":
            told += self._wait(self.parked.for_people(event, self.asked.answered))
        elif kind == "run.finished":
            told += self._finish(data)
        elif kind == "run.failed":
            self.problem = str(data.get("error") or FAILED) if self.caller.asker else FAILED
        elif kind == "run.cancelled":
            self.stopped = True
        return told

    def _say(self, text: str) -> list[Told]:
        if not text:
            return []
        self.sent += text
        opening: list[Told] = [] if self.opened or self.agentflow else [("start", "")]
        self.opened = True
        return [*opening, ("token", text)]

    def _step(self, step: dict[str, Any]) -> list[Told]:
        """What an agent did: its thought, and the tool that it called."""
        if not self.traced:
            return []
        told: list[Told] = [("thinking", step["thought"])] if step.get("thought") and self.agentflow else []
        if step.get("tool"):
            used = {"tool": step["tool"], "toolInput": step.get("arguments", {})}
            failed = {"error": step["error"]} if "error" in step else {}
            self.tools.append({**used, "toolOutput": step.get("result", ""), **failed})
            told.append(("calledTools", list(self.tools)))
        return told

    def _wait(self, asks: list[dict[str, Any]]) -> list[Told]:
        """For a person's word the answer ends here; what waits for a time or a call goes on by itself."""
        if not asks:
            return []
        self.text = WAITING
        if self.caller.asker or self.caller.doors.flowise_approvals:
            self.action = action_of(asks[0], self.executed.labels, str(self.asked.turn.pk))
            about = asks[0]["about"]
            parts = (str(about.get(name) or "") for name in ("question", "details"))
            self.text = "\n\n".join(part for part in parts if part)
        return self._say(self.text)

    def _parked(self, event: dict[str, Any]) -> bool:
        return event["type"] == "run.waiting" and bool(self.text)

    def _finish(self, data: dict[str, Any]) -> list[Told]:
        self.text, self.citations = data["reply"], data.get("citations", [])
        if self.text.startswith(self.sent):
            return self._say(self.text[len(self.sent) :])
        self.problem = ANEW
        return []

    def _closing(self) -> list[Told]:
        told: list[Told] = []
        if documents := self.documents():
            told.append(("sourceDocuments", documents))
        if self.tools:
            told.append(("usedTools", self.tools))
        if self.agentflow:
            if self.traced:
                told.append(("agentFlowExecutedData", self.executed.rows()))
            told.append(("agentFlowEvent", self._state()))
        if self.action:
            told.append(("action", self.action))
        if self.stopped:
            return [*told, ("abort", "[DONE]"), ("end", "[DONE]")]
        if self.problem:
            return [*told, ("error", self.problem), ("end", "[DONE]")]
        if any(self.usage.values()):
            told.append(("usageMetadata", self._tokens()))
        return [*told, ("metadata", self._metadata()), ("end", "[DONE]")]

    def _state(self) -> str:
        if self.problem:
            return "ERROR"
        if self.stopped:
            return "TERMINATED"
        return "STOPPED" if self.action or self.text == WAITING else "FINISHED"

    def documents(self) -> list[dict[str, Any]]:
        return source_documents(self.citations, self.caller.doors.sources)

    def _tokens(self) -> dict[str, int]:
        asked, said = self.usage["prompt_tokens"], self.usage["completion_tokens"]
        return {"input_tokens": asked, "output_tokens": said, "total_tokens": asked + said}

    def _metadata(self) -> dict[str, Any]:
        known = {
            "chatId": self.asked.chat,
            "chatMessageId": str(self.asked.turn.pk),
            "question": self.asked.question,
            "sessionId": self.asked.session,
            "executionId": str(self.run.pk),
        }
        prompts = self._prompts()
        return {**known, "followUpPrompts": json.dumps(prompts, ensure_ascii=False)} if prompts else known

    def _prompts(self) -> list[str]:
        """The owner's example questions, but the one that was asked."""
        doors = self.caller.doors
        others = [example for example in doors.examples if example != self.asked.question]
        return others[:MOST_PROMPTS] if doors.flowise_follow_ups else []

    def whole(self) -> dict[str, Any]:
        """The reply to who asked for no stream; ``ApiError`` where there is none."""
        if self.stopped or self.problem:
            raise ApiError("run_failed", STOPPED if self.stopped else self.problem, 500)
        reply = {
            "text": self.text,
            **({"json": parsed} if (parsed := as_json(self.text)) is not None else {}),
            **self._metadata(),
            "isStreamValid": True,
        }
        if documents := self.documents():
            reply["sourceDocuments"] = documents
        if self.tools:
            reply["usedTools"] = self.tools
        if self.agentflow and self.traced:
            reply["agentFlowExecutedData"] = self.executed.rows()
        return {**reply, "action": self.action} if self.action else reply


def action_of(wait: dict[str, Any], labels: dict[str, str], message: str) -> dict[str, Any]:
    """The two buttons; their answer comes back as ``humanInput`` with the node as ``startNodeId``."""
    node = wait["node"]
    return {
        "id": message,
        "mapping": {"approve": "Proceed", "reject": "Reject"},
        "elements": [
            {"type": "agentflowv2-approve-button", "label": "Proceed"},
            {"type": "agentflowv2-reject-button", "label": "Reject"},
        ],
        "data": {
            "nodeId": node,
            "nodeLabel": labels.get(node, node),
            "input": {"humanInputEnableFeedback": True},
        },
    }


def source_documents(citations: list[dict[str, Any]], show: str) -> list[dict[str, Any]]:
    """Passages that the reply cites, as much of them as the owner shows. Ids, scores and places stay with us."""
    return [
        {
            "pageContent": source["text"] or source["name"],
            "metadata": {
                "source": source["name"],
                **({"title": source["heading"]} if source["heading"] else {}),
                **({"number": source["number"]} if source["number"] else {}),
            },
        }
        for source in sources_of(citations, show)
    ]
