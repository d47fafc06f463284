"""The review queue over HTTP, and for editors how sure and how much at one its raters are."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits, runs
from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.feedback import gold, queue, services
from flowbuilder.feedback.agreement import Agreement, agreement, agreement_of_pairs
from flowbuilder.feedback.gold import Rater
from flowbuilder.feedback.models import Gold, Rating, Reason
from flowbuilder.flows.api import find as find_flow
from flowbuilder.runs.models import Run
from flowbuilder.tables.shapes import LONGEST

must_rate = api_must(runs, "Your role may look at answers but not rate them.")
must_edit = api_must(edits, "Gold items and raters are for editors of the workspace.")

router = Router(tags=["feedback"])
AT_ONCE = 200


class Whose(Schema):
    flow: uuid.UUID | None = None
    node: str = Field("", max_length=LONGEST_PATH)
    """Of the flow; empty is its reply."""


class ReviewVerdict(Schema):
    verdict: Literal["up", "down", "correct", "skip"]
    reason: Reason | Literal[""] = ""
    comment: str = Field("", max_length=2000)
    correction: str = Field("", max_length=LONGEST)
    node: str = Field("", max_length=LONGEST_PATH)


@router.get("/feedback/review")
def next_item(request: HttpRequest, whose: Query[Whose]) -> dict[str, Any]:
    """The answer that comes next in your queue, and how many are left with it."""
    flow = find_flow(request, whose.flow) if whose.flow else None
    item, left = queue.next_answer(request.asker, flow, whose.node if flow else "")
    shown = None
    if item:
        shown = {"id": str(item.id), "flow": str(item.flow.pk), "prompt": item.prompt, "answer": item.text}
    return {
        "item": shown,
        "left": left,
        "pairs": [str(pk) for pk in queue.pairs(request.asker).values_list("pk", flat=True)[:AT_ONCE]],
        "rankings": [{"run": str(run.pk), "node": node} for run, node in queue.rankings(request.asker)],
    }


@router.post("/feedback/review/{uuid:item_id}", response={204: None})
def review_item(request: HttpRequest, item_id: uuid.UUID, body: ReviewVerdict) -> Any:
    """What you think of an item of your queue. The same answer for all: it does not tell which item was gold."""
    run = Run.objects.visible_to(request.asker).filter(pk=item_id).first()
    item = None if run else Gold.objects.visible_to(request.asker).filter(pk=item_id).first()
    if run is None and item is None:
        raise ApiError("not_found", "There is no such item, or it is not yours.", 404)
    must_rate(request)
    said = {"comment": body.comment, "reason": body.reason}
    if item is not None:
        if body.verdict == "correct":
            services.must_correct(item.answer, body.correction)
        up = None if body.verdict == "skip" else body.verdict == "up"
        gold.answer(asker=request.asker, gold=item, up=up)
    elif body.verdict == "skip":
        services.rate(asker=request.asker, run=run, node=body.node, kind="skip")
    elif body.verdict == "correct":
        corrected = {"kind": "correction", "correction": body.correction, **said}
        services.rate(asker=request.asker, run=run, node=body.node, **corrected)
    else:
        up = body.verdict == "up"
        services.rate(asker=request.asker, run=run, node=body.node, kind="thumbs", up=up, **said)
    return Status(204, None)


class NewGold(Schema):
    rating: uuid.UUID | None = None
    """Makes this rating's answer gold; without it the other fields are the item."""
    flow: uuid.UUID | None = None
    prompt: str = Field("", max_length=LONGEST)
    answer: str = Field("", max_length=LONGEST)
    up: bool | None = None
    why: str = Field("", max_length=2000)


class Frequency(Schema):
    every: int = Field(ge=0, le=1000)
    """One item in so many is gold; 0 is none."""


@router.get("/feedback/gold")
def list_gold(request: HttpRequest) -> dict[str, Any]:
    """The newest two hundred. For editors: whoever knows what is gold is not tested by it."""
    must_edit(request)
    items = Gold.objects.visible_to(request.asker).select_related("person")
    return {
        "every": gold.every(request.asker.workspace),
        "items": [gold_row(item) for item in items[:AT_ONCE]],
    }


@router.post("/feedback/gold", response={201: dict[str, Any]})
def add_gold(request: HttpRequest, body: NewGold) -> Any:
    must_edit(request)
    if body.rating is not None:
        rating = Rating.objects.visible_to(request.asker).filter(pk=body.rating).first()
        if rating is None:
            raise ApiError("not_found", "There is no such rating, or it is not yours.", 404)
        return Status(201, gold_row(gold.from_rating(asker=request.asker, rating=rating, why=body.why)))
    if not (body.flow and body.prompt and body.answer) or body.up is None:
        message = "Send 'rating', or 'flow', 'prompt', 'answer' and 'up' (whether the answer is good)."
        raise ApiError("invalid", message, 422)
    flow = find_flow(request, body.flow)
    told = body.dict(include={"prompt", "answer", "up", "why"})
    return Status(201, gold_row(gold.write(asker=request.asker, flow=flow, **told)))


@router.put("/feedback/gold/frequency")
def set_frequency(request: HttpRequest, body: Frequency) -> dict[str, int]:
    must_edit(request)
    if body.every == 1:
        raise ApiError(
            "invalid", "Something else than gold has to come too: 'every' is 0, or 2 and more.", 422
        )
    gold.set_every(request.asker.workspace, body.every)
    return {"every": body.every}


@router.delete("/feedback/gold/{uuid:gold_id}", response={204: None})
def delete_gold(request: HttpRequest, gold_id: uuid.UUID) -> Any:
    """With what raters said of it."""
    item = Gold.objects.visible_to(request.asker).filter(pk=gold_id).first()
    if item is None:
        raise ApiError("not_found", "There is no such gold item, or it is not yours.", 404)
    must_edit(request)
    audit.delete(asker=request.asker, thing=item, kind="gold", subject=str(item.flow))
    return Status(204, None)


@router.get("/feedback/raters")
def list_raters(request: HttpRequest) -> list[dict[str, Any]]:
    """Everybody who rates, with the gold items that they got right. For editors."""
    must_edit(request)
    return [rater_row(rater) for rater in gold.raters(request.asker.workspace.pk)]


@router.get("/feedback/agreement")
def get_agreement(request: HttpRequest, flow: uuid.UUID | None = None) -> dict[str, Any]:
    """How far raters agree beyond chance: on answers, and on which of a pair is better."""
    said = Rating.objects.visible_to(request.asker).matching(flow=flow)
    return {"answers": agreement_row(agreement(said)), "pairs": agreement_row(agreement_of_pairs(said))}


def gold_row(item: Gold) -> dict[str, Any]:
    return {
        "id": str(item.pk),
        "flow": str(item.flow_id),
        "run": str(item.run_id) if item.run_id else None,
        "node": item.node_id,
        "prompt": item.prompt,
        "answer": item.answer,
        "up": item.up,
        "why": item.why,
        "person": str(item.person) if item.person else None,
        "created_at": item.created_at,
    }


def rater_row(rater: Rater) -> dict[str, Any]:
    return {
        "person": str(rater.person),
        "ratings": rater.ratings,
        "gold": {
            "answered": rater.answered,
            "right": rater.right,
            "accuracy": rater.accuracy,
            "wilson_95": rater.interval,
        },
    }


def agreement_row(found: Agreement | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "measure": found.measure,
        "value": found.value,
        "items": found.answers,
        "people": found.people,
        "same": found.same,
    }
