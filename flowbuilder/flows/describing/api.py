"""A flow from words over HTTP."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from flowbuilder.flows.api import must_edit
from flowbuilder.flows.bots.api import shown
from flowbuilder.flows.describing.services import draft
from flowbuilder.flows.gallery.language import spoken

router = Router(tags=["flows"])


class NewDraft(Schema):
    words: str = Field(min_length=1, max_length=4000)
    model: str = Field("", max_length=120)
    """Empty takes the largest of the workspace."""


@router.post("/flows/drafts")
async def draft_flow(request: HttpRequest, body: NewDraft) -> dict[str, Any]:
    """A graph drafted from words; nothing is saved. Where every model is too small, the nearest template or rules draw it."""
    asker = await sync_to_async(_editor)(request)
    made = await draft(asker=asker, words=body.words, model=body.model)
    return {
        "graph": made.graph,
        "understood": shown(made.understood),
        "by": made.by,
        "model": made.model,
        "template": made.template,
        "near": [
            {"slug": near.template.slug, "title": spoken(near.template).title, "score": round(near.score, 3)}
            for near in made.near
        ],
        "mended": made.mended,
        "problems": [vars(problem) for problem in made.problems],
    }


def _editor(request: HttpRequest) -> Any:
    must_edit(request)
    return request.asker
