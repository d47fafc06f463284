"""What a visitor is told of a run: the reply as it comes, and what it rests on. Nothing else of a run's events passes."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.modelhub.rendering import rendered
from flowbuilder.publishing.models import Turn
from flowbuilder.publishing.replies import as_json
from flowbuilder.publishing.sources import sources_of
from flowbuilder.publishing.speaker import speaker_of
from flowbuilder.runs.citations import citations_of
from flowbuilder.runs.conversation import asked
from flowbuilder.runs.hub import follow
from flowbuilder.runs.models import Status
from flowbuilder.translation.errors import said

FAILED = "There is no answer this time: something went wrong on our side. Ask again, or put it differently."
WAITING = "This needs a while: somebody, or something, has to be waited for."
CLOSED = "This assistant was just taken offline."


async def frames(turn: Turn, sources: str, after: int, language: str | None) -> AsyncGenerator[bytes]:
    """Server-sent events numbered as the run's: ``start``, ``text``, ``reply``, ``waiting``, ``stopped``, ``problem``.

    ``start`` says that what was written so far is void: its node begins anew.
    """
    run = turn.run
    speaker = speaker_of(Graph.model_validate(run.graph))
    async for event in follow(run.pk, after):
        kind, seq = event["type"], event["seq"]
        if kind == "node.started" and event["node"] == speaker:
            yield frame("start", {}, seq)
        elif kind == "node.token" and event["node"] == speaker:
            yield frame("text", {"text": event["data"]["text"]}, seq)
        elif kind == "run.finished":
            # From the event, which may be here before the run's row has them.
            data = event["data"]
            yield frame("reply", whole(data["reply"], data.get("citations", []), sources), seq)
        elif kind == "run.failed":
            yield frame("problem", {"message": said(FAILED, language)}, seq)
        elif kind == "run.cancelled":
            yield frame("stopped", {}, seq)
        elif kind == "run.waiting":
            yield frame("waiting", {"message": said(WAITING, language)}, seq)


def frame(kind: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    number = f"id: {seq}\n" if seq is not None else ""
    return f"{number}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def whole(reply: str, citations: list[dict[str, Any]], sources: str) -> dict[str, Any]:
    return {"text": reply, "html": rendered(readable(reply)), "sources": sources_of(citations, sources)}


def readable(reply: str) -> str:
    """Markdown of it: a reply that is a JSON object or list is shown as code."""
    found = as_json(reply)
    return reply if found is None else f"```json\n{json.dumps(found, ensure_ascii=False, indent=2)}\n```"


def told(turn: Turn, sources: str) -> dict[str, Any]:
    """A turn as it stands, for a page that is loaded again."""
    run = turn.run
    known: dict[str, Any] = {"id": str(run.pk), "question": asked(run), "status": "open"}
    if run.status == Status.FINISHED:
        return {**known, "status": "answered", **whole(run.reply, citations_of(run), sources)}
    if run.status == Status.FAILED:
        return {**known, "status": "failed", "message": said(FAILED)}
    return {**known, "status": "stopped"} if run.status == Status.CANCELLED else known
