"""``/v1/models``: the published flows, and the embedders."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from flowbuilder.publishing.openai.finding import as_model, embedder_as_model, embedders, find, published

router = Router(tags=["openai"])


@router.get("/models")
def list_models(request: HttpRequest) -> dict[str, Any]:
    flows = [as_model(flow) for flow in published(request.asker).order_by("slug")]
    return {"object": "list", "data": [*flows, *map(embedder_as_model, embedders(request.asker))]}


@router.get("/models/{path:slug}")
def get_model(request: HttpRequest, slug: str) -> dict[str, Any]:
    """A published flow by its slug, or an embedder by its name."""
    if slug in embedders(request.asker):
        return embedder_as_model(slug)
    return as_model(find(request.asker, slug))
