"""What a key may call a model: flows that are live and open to keys, and the embedders of its workspace."""

from __future__ import annotations

from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Environment, Flow
from flowbuilder.flows.publication import PLACES
from flowbuilder.knowledge.embedders import SHIPPED, SHIPPED_NAME, on_the_shelf
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.runs.api import may_follow
from flowbuilder.runs.models import Run

NAMED = 20
"""Models that an error lists."""


def published(asker: Asker | None, environment: str = Environment.PRODUCTION) -> Any:
    """What has a version there, and is open to API keys."""
    place = PLACES.get(environment, PLACES[Environment.PRODUCTION])
    there = Flow.objects.visible_to(asker).exclude(**{place: None}).exclude(doors__api=False)
    return there.select_related(*PLACES.values())


def find(asker: Asker, slug: str, environment: str = Environment.PRODUCTION) -> Flow:
    flow = published(asker, environment).filter(slug=slug).first()
    if flow is None:
        if slug in embedders(asker):
            raise refusal("model", f"'{slug}' is an embedder: it is asked at /v1/embeddings.")
        known = ", ".join(published(asker).values_list("slug", flat=True)[:NAMED]) or "none yet"
        raise ApiError(
            "model_not_found", f"No published flow is called '{slug}'. Published here: {known}.", 404
        )
    return flow


def embedders(asker: Asker) -> dict[str, str]:
    """By what callers call them: the one that is shipped, those on the shelf, those that bases have. None for a key of one flow."""
    if asker.flow_id is not None:
        return {}
    of_bases = KnowledgeBase.objects.visible_to(asker).values_list("embedder", flat=True).distinct()
    others = {*on_the_shelf(), *of_bases} - {SHIPPED}
    return {SHIPPED_NAME: SHIPPED} | {name: name for name in sorted(others)}


def find_embedder(asker: Asker, name: str) -> str:
    known = embedders(asker)
    if name not in known:
        there = ", ".join(known) or "none for this key"
        raise ApiError("model_not_found", f"No embedder is called '{name}'. There is: {there}.", 404)
    return known[name]


def may_run(asker: Asker) -> None:
    if not asker.can_run:
        raise ApiError("forbidden", "This key may look at flows but not run them.", 403)


def is_published_for(asker: Asker | None, run: Run) -> bool:
    return may_follow(asker, run.pk) and published(asker, run.environment).filter(pk=run.flow_id).exists()


def refusal(param: str, message: str) -> ApiError:
    """A 400 that names the parameter."""
    return ApiError("unsupported_value", message, 400, [{"where": param, "message": message}])


def as_model(flow: Flow) -> dict[str, Any]:
    return {
        "id": flow.slug,
        "object": "model",
        "created": int(flow.created_at.timestamp()),
        "owned_by": "flowbuilder",
    }


def embedder_as_model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "flowbuilder-embedders"}
