"""``nodes.services.science.Science``: looks into models, asked through the model worker as answers are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async

from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.modelhub.registry import resolve
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.modelhub.services import GENERATES, messages_of
from nodes.services.science import What

LONGEST = 20_000
"""Characters that are looked at: more than any bound on tokens lets pass."""


@dataclass(frozen=True)
class NodeScience:
    workspace_id: uuid.UUID
    report: Callable[[str, dict[str, Any]], None]

    async def look(
        self,
        model: str,
        text: str,
        *,
        what: What,
        chat: bool = False,
        after: str = "",
        then: Sequence[int] = (),
        top: int = 10,
        layers: Sequence[int] = (),
    ) -> dict[str, Any]:
        found = await sync_to_async(resolve)(self.workspace_id, model, kinds=GENERATES)
        self.report("model", {"model": found.ref})
        asked = {
            "chat": chat,
            "after": after[:LONGEST],
            "then": list(then),
            "top": top,
            "layers": list(layers),
        }
        return await look_into(found, text, {"what": what, **asked})


async def look_into(version: ModelVersion, text: str, asked: dict[str, Any]) -> dict[str, Any]:
    request = Request(
        id=uuid.uuid4().hex,
        path=str(version.folder),
        kind=version.kind,
        messages=[{"role": "user", "content": text[:LONGEST]}],
        look=asked,
    )
    facts: dict[str, Any] = {}
    async for message in messages_of(request, version):
        facts = message.get("facts") or facts
    return {"model": version.ref, **facts}
