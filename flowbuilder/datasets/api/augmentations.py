"""Synthetic rows over HTTP: ordered, watched, stopped."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder import leases
from flowbuilder.datasets import augmenting
from flowbuilder.datasets.api.finding import AT_ONCE, find, find_augmentation, must_edit
from flowbuilder.datasets.models import Augmentation
from nodes.data.synthesis import Plan

router = Router(tags=["datasets"])


class NewAugmentation(Schema):
    plan: Plan = Plan()
    seeds: list[str | dict[str, Any]] = Field(default_factory=list, max_length=augmenting.MOST_SEEDS)
    """Rows, or texts where a model writes; without them rows of the draft's train split are drawn."""
    count: int = Field(100, ge=1, le=augmenting.MOST_SEEDS)
    """How many are drawn, at most."""
    q: str = Field("", max_length=200)
    """Words that the drawn ones say."""


@router.get("/datasets/{uuid:dataset_id}/augmentations")
def list_augmentations(request: HttpRequest, dataset_id: uuid.UUID) -> list[dict[str, Any]]:
    found = find(request, dataset_id).augmentations.select_related("dataset")
    return [augmentation_row(augmentation) for augmentation in found[:AT_ONCE]]


@router.post("/datasets/{uuid:dataset_id}/augmentations", response={202: dict[str, Any]})
def order_augmentation(request: HttpRequest, dataset_id: uuid.UUID, body: NewAugmentation) -> Any:
    """Have synthetic rows made from seeds: by small changes, or by a model. They go into the draft, marked, for training only."""
    dataset = find(request, dataset_id)
    must_edit(request)
    told = {"plan": body.plan, "seeds": body.seeds, "count": body.count, "q": body.q}
    return Status(202, augmentation_row(augmenting.order(asker=request.asker, dataset=dataset, **told)))


@router.get("/augmentations/{uuid:augmentation_id}")
def get_augmentation(request: HttpRequest, augmentation_id: uuid.UUID) -> dict[str, Any]:
    return augmentation_row(find_augmentation(request, augmentation_id))


@router.post("/augmentations/{uuid:augmentation_id}/cancellation", response={202: dict[str, Any]})
def cancel_augmentation(request: HttpRequest, augmentation_id: uuid.UUID) -> Any:
    """Stopped within seconds; what was made stays in the draft."""
    augmentation = find_augmentation(request, augmentation_id)
    must_edit(request)
    leases.cancel(augmentation)
    return Status(202, augmentation_row(find_augmentation(request, augmentation_id)))


def augmentation_row(augmentation: Augmentation) -> dict[str, Any]:
    return {
        "id": str(augmentation.pk),
        "dataset": str(augmentation.dataset_id),
        "plan": augmentation.settings,
        "status": augmentation.status,
        "error": augmentation.error,
        "seeds": len(augmentation.seeds),
        "done": augmentation.done,
        "kept": augmentation.kept,
        "dropped": augmentation.dropped,
        "created_at": augmentation.created_at,
        "ended_at": augmentation.ended_at,
    }
