"""What is done with a flow's prompts: rewritten while one reads along, put into the draft."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Max

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.bots.services import SMALL
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.services import parse_graph, save_draft
from flowbuilder.modelhub.models import ModelVersion, VersionStatus
from flowbuilder.modelhub.registry import resolve
from flowbuilder.modelhub.services import GENERATES, NodeModels
from flowbuilder.prompting import rewriting
from flowbuilder.prompting.diffing import difference
from flowbuilder.prompting.placeholders import mend, names
from flowbuilder.prompting.rewriting import Failure
from flowbuilder.prompting.target import Target, target_of
from flowbuilder.runs.models import Run
from nodes.base import Models, NodeError

LONGEST_REWRITE = 20_000


def find_target(flow: Flow, node: str, setting: str, text: str | None = None) -> Target:
    """In the draft; ``text`` is the prompt as it stands on a screen, not saved yet."""
    target = target_of(parse_graph(flow.graph), catalogue(), node, setting)
    return target if text is None else Target(target.with_text(text), node, setting)


def default_writer(asker: Asker) -> str:
    """The largest model of the workspace, or rules where all are too small to follow an instruction."""
    ready = ModelVersion.objects.visible_to(asker).filter(status=VersionStatus.READY, kind__in=GENERATES)
    largest = ready.select_related("model").order_by("-parameters", "-number").first()
    most = ready.aggregate(most=Max("parameters"))["most"] or 0
    return largest.ref if largest and most >= SMALL else rewriting.BY_RULES


def failure_of(run: Run) -> Failure:
    """What went wrong in a turn: prefilled for whoever says what was expected."""
    return Failure(question=str(run.inputs.get("question") or ""), answer=run.reply or "", error=run.error)


@dataclass(frozen=True)
class Rewrite:
    """One that is ordered: checked, not begun."""

    workspace_id: uuid.UUID
    target: Target
    model: str
    wish: str
    failure: Failure

    async def events(self, models: Models | None = None) -> AsyncGenerator[dict[str, Any]]:
        """``token`` as it is written, then ``finished`` with the mended prompt and what it changes, or ``failed``."""
        text = ""
        try:
            async with aclosing(self._pieces(models)) as pieces:
                async for piece in pieces:
                    text += piece
                    yield {"type": "token", "text": piece}
                    if len(text) > LONGEST_REWRITE:
                        break
        except NodeError as error:
            yield {"type": "failed", "error": str(error)}
            return
        yield self._finished(text)

    async def _pieces(self, models: Models | None) -> AsyncGenerator[str]:
        if self.model == rewriting.BY_RULES:
            yield rewriting.by_rules(self.target.text, self.target.slots, self.wish, self.failure)
            return
        asked = models or NodeModels(self.workspace_id, lambda kind, data: None)
        stream: AsyncIterator[str] = rewriting.stream(
            asked, self.model, self.target.text, self.wish, self.failure
        )
        async for piece in stream:
            yield piece

    def _finished(self, written: str) -> dict[str, Any]:
        tidied = rewriting.tidy(written)
        if not rewriting.is_usable(tidied, self.target.text):
            message = (
                f"'{self.model}' wrote no prompt: it may be too small to follow an instruction. Choose another model, the "
                "rules, or let the search improve the prompt on cases, which works with every model."
            )
            return {"type": "failed", "error": message}
        mended = mend(tidied, self.target.text)
        return {
            "type": "finished",
            "text": mended.text,
            "model": self.model,
            "restored": list(mended.restored),
            "removed": list(mended.removed),
            "difference": [asdict(piece) for piece in difference(self.target.text, mended.text)],
        }


def rewrite(
    *, asker: Asker, target: Target, model: str = "", wish: str = "", failure: Failure = Failure()
) -> Rewrite:
    """``NodeError`` names an unknown model before anything is streamed."""
    writer = model or default_writer(asker)
    if writer != rewriting.BY_RULES:
        writer = resolve(asker.workspace.pk, writer, kinds=GENERATES).ref
    if not target.text.strip():
        raise ApiError("invalid", "There is no prompt yet: write a first one, and it can be improved.", 422)
    return Rewrite(asker.workspace.pk, target, writer, wish, failure)


def use(*, flow: Flow, node: str, setting: str, text: str, revision: int) -> Flow:
    """Put a prompt into the draft, over the revision that was looked at: ``ApiError`` 409 where somebody saved since."""
    target = find_target(flow, node, setting)
    if lost := [name for name in names(target.text) if name not in names(text)]:
        listed = ", ".join(f"{{{{ {name} }}}}" for name in lost)
        raise ApiError(
            "invalid", f"The new prompt has lost {listed}: what is wired there would go nowhere.", 422
        )
    graph = target.with_text(text).model_dump(mode="json")
    return save_draft(flow=flow, graph=graph, revision=revision)


def frame(event: dict[str, Any]) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
