"""A base's embedder over HTTP: which one answers, and the change to another."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.knowledge import reembedding
from flowbuilder.knowledge.api import find, must_edit
from flowbuilder.knowledge.embedders import on_the_shelf

router = Router(tags=["knowledge"])


class ChosenEmbedder(Schema):
    embedder: str = Field(
        max_length=200, description="A folder on the model shelf, a hub id, or '' for the one shipped"
    )


@router.get("/knowledge/{uuid:base_id}/embedder")
def get_embedder(request: HttpRequest, base_id: uuid.UUID) -> dict[str, Any]:
    """Which embedder answers, the change that is going on, and what lies on the model shelf."""
    return {**reembedding.told(find(request, base_id)), "shelf": on_the_shelf()}


@router.put("/knowledge/{uuid:base_id}/embedder", response={202: dict[str, Any]})
def choose_embedder(request: HttpRequest, base_id: uuid.UUID, body: ChosenEmbedder) -> Any:
    """Embed all passages anew in the background. The former embedder answers until that is done."""
    base = find(request, base_id)
    must_edit(request)
    reembedding.choose(base, body.embedder, request.asker)
    return Status(202, reembedding.told(base))


@router.delete("/knowledge/{uuid:base_id}/embedder", response={204: None})
def stay_with_the_embedder(request: HttpRequest, base_id: uuid.UUID) -> Any:
    """Call a change off. The embedder that answers stays."""
    base = find(request, base_id)
    must_edit(request)
    reembedding.cancel(base)
    return Status(204, None)
